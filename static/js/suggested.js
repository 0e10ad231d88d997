// Tells which article was chosen from the suggestions: such a search never comes to the page of results.
import tell from "./beacon.js";
import { anchor, keep } from "./trail.js";

export default function suggested(form) {
  form.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option][data-article]");
    const text = form.elements.q.value.trim();
    if (!option || !text) return;
    const options = [...form.querySelectorAll("[role=option]")];
    const { article } = option.dataset;
    const search = uid();
    keep(search, text, article);
    const position = options.indexOf(option) + 1;
    tell("typing", { search, text, article, anchor: anchor(option), position, shown: options.length });
  });
}

// Not crypto.randomUUID, which browsers give to secure pages alone.
function uid() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
