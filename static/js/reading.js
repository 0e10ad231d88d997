// Tells how long an article was visible and how far it was read, each time it is hidden or left, counted from its opening.
import tell from "./beacon.js";
import { ledTo } from "./trail.js";

export default function reading(article) {
  const text = article.querySelector(".article-text");
  const about = { article: article.dataset.article, revision: article.dataset.revision };
  const search = ledTo(about.article);
  let since;
  let seen;
  let depth;

  function begin() {
    seen = 0;
    depth = 0;
    look();
  }

  function look() {
    since = document.visibilityState === "visible" ? performance.now() : undefined;
    measure();
  }

  function measure() {
    const { top, height } = text.getBoundingClientRect();
    depth = Math.min(1, Math.max(depth, (innerHeight - top) / Math.max(height, 1)));
  }

  function hide() {
    if (since === undefined) return;
    seen += (performance.now() - since) / 1000;
    since = undefined;
    tell("viewed", { ...about, search, seconds: Math.round(seen * 10) / 10, depth: Math.round(depth * 100) / 100 });
  }

  document.addEventListener("scrollend", measure);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hide() : look()));
  addEventListener("pagehide", hide);
  addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
  begin();
}
