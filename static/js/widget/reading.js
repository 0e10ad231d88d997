// Tells how long an article was visible in the frame and how far it was read, each time it is turned from, hidden or closed.
import tell from "../beacon.js";
import { ledTo } from "../trail.js";

export default function reading(article) {
  const text = article.querySelector(".article-text");
  const about = { article: article.dataset.article, revision: article.dataset.revision };
  const search = ledTo(about.article);
  let seen = 0;
  let depth = 0;
  let since;

  function isHere() {
    return article.isConnected && document.visibilityState === "visible" && !("closed" in document.documentElement.dataset);
  }

  function look() {
    if (!isHere()) hide();
    else if (since === undefined) since = performance.now();
    measure();
  }

  function measure() {
    if (!article.isConnected) return;
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
  document.addEventListener("visibilitychange", look);
  document.addEventListener("turned", look);
  addEventListener("pagehide", hide);
  look();
}
