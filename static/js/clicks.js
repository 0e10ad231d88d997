// Tells that results are shown and which hit was opened, and keeps the search for the page behind any link that is followed from here.
import tell from "./beacon.js";
import { anchor, keep, last, now } from "./trail.js";

const MIDDLE = 1;

export default function clicks(place) {
  function note(event) {
    const link = event.target.closest("a[href]");
    const search = last();
    if (!link || !search || (event.type === "auxclick" && event.button !== MIDDLE)) return;
    const hit = place.contains(link) ? link.closest("[data-article]") : null;
    keep(search, now().asked, hit?.dataset.article);
    if (!hit) return;
    const { article, position } = hit.dataset;
    tell("clicked", { search, article, anchor: anchor(link), position: Number(position) });
  }

  if (document.querySelector("[data-search]")) tell("shown", { search: last() });
  document.addEventListener("click", note);
  document.addEventListener("auxclick", note);
}
