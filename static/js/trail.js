// Which search led where, known to this tab alone: kept at a click, so that the page behind it can say what led there.
import { isTold } from "./beacon.js";

const KEY = "search";
const LASTS_MS = 1800000; // As long as a visit may be silent.

export function keep(search, asked, article = "") {
  if (!isTold || !search) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ search, asked, article, at: Date.now() }));
  } catch {
    // Then nobody knows what led there.
  }
}

function kept() {
  try {
    const trail = JSON.parse(sessionStorage.getItem(KEY));
    return trail && Date.now() - trail.at < LASTS_MS ? trail : {};
  } catch {
    return {};
  }
}

// The search whose hit this article was, empty for none.
export function ledTo(article) {
  const trail = kept();
  return trail.article === article ? trail.search : "";
}

// The last search: the one on this page, else the one that was clicked away from. Later pages of results belong to it.
export function last() {
  const shown = document.querySelector("[data-search]");
  if (shown) return shown.dataset.search;
  const trail = kept();
  const { asked } = now();
  return (asked === null || asked === trail.asked) && trail.search ? trail.search : "";
}

export function now() { return { asked: new URLSearchParams(location.search).get("q") }; }

export function anchor(link) { return decodeURIComponent(link.hash.slice(1)); }
