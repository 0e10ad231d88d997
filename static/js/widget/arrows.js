// The arrow keys go from the search box to what was found and back; Enter there opens it, as with any link.
import tell from "../beacon.js";
import { last } from "../trail.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const LINKS = ".answer a, .hit h3 a, .card-list a";

export default function arrows(form) {
  const results = document.getElementById("results");
  const input = form.elements.q;

  function step(event) {
    const way = STEPS[event.key];
    const links = [...results.querySelectorAll(LINKS)];
    if (!way || !links.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = links.indexOf(document.activeElement) + way;
    event.preventDefault();
    if (next < 0) input.focus();
    else links[Math.min(next, links.length - 1)].focus();
  }

  input.addEventListener("keydown", step);
  results.addEventListener("keydown", step);
  results.addEventListener("swapped", () => { if (last()) tell("shown", { search: last() }); });
  if (input.value !== input.defaultValue) input.dispatchEvent(new Event("input")); // Written before the scripts were there.
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // What was found stands there already.
    if (matchMedia("(pointer: coarse)").matches) input.blur(); // The keyboard on the screen hides it.
  });
}
