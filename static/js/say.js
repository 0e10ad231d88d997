// Says something to screen readers, politely, in our own language.
const place = document.getElementById("said");
const AGAIN_MS = 100;

export default function say(words) {
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, AGAIN_MS); // A live region that says the same twice is silent.
}
