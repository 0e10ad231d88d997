// On a phone the desk's rooms stand in a bar that is wider than the screen: the room that is shown comes into sight.
export default function rail(nav) {
  nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}
