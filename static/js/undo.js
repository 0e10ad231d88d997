// Counts down how long a reply can be taken back, and says when it has gone.
import say from "./say.js";

const TICK_MS = 250;

export default function undo(part) {
  const goes = Date.parse(part.dataset.at);
  const words = part.querySelector(".undo-left");
  const shown = Date.now();
  // The clocks of server and browser may differ: never count from more than the ten seconds that there are.
  const end = Math.min(goes, shown + 10000);

  function left() { return Math.ceil((end - Date.now()) / 1000); }
  function tell(seconds) { return part.dataset.left.replace("{seconds}", seconds); }

  function tick() {
    const seconds = left();
    if (seconds > 0) words.textContent = tell(seconds);
    else finish();
  }

  function finish() {
    clearInterval(timer);
    const form = part.querySelector("form");
    const hadFocus = form?.contains(document.activeElement);
    form?.remove();
    words.textContent = part.dataset.gone;
    words.classList.add("undo-gone");
    say(part.dataset.gone);
    if (hadFocus) document.getElementById("text")?.focus();
  }

  const timer = setInterval(tick, TICK_MS);
  tick();
  if (left() > 0) say(tell(left()));
}
