// Links to what can be read inside the frame open there; every other one leaves for a tab of its own.
import { back, go, goBack } from "./pages.js";

function inside({ pathname, search }) {
  const { lang } = document.documentElement;
  if (pathname.startsWith("/widget/")) return pathname + search;
  if (pathname.startsWith("/a/")) return `/widget/${lang}${pathname}`;
  const [, language, kind] = pathname.split("/");
  if (kind === "contact") return `/widget/${language}/contact${search}`;
  return kind === "articles" && !pathname.endsWith(".md") ? `/widget${pathname}` : "";
}

export default function links() {
  back.addEventListener("click", goBack);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target && !link.closest("#suggested")) return; // What is being written stays behind a suggestion.
    const isHere = link.getAttribute("href").startsWith("#");
    const path = !isHere && link.origin === location.origin ? inside(link) : "";
    if (!isHere && !path) return;
    event.preventDefault();
    const anchor = decodeURIComponent(link.hash.slice(1));
    if (path) go(path, anchor);
    else document.getElementById(anchor)?.scrollIntoView();
  });
}
