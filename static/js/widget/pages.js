// The pages inside the frame, one at a time, with a way back to each as it was left. The browser's history is that of the
// page around, so nothing is added to it.
import say from "../say.js";
import swap from "../swap.js";

const main = document.getElementById("page");
export const back = document.querySelector(".widget-back");
const behind = [];
let running;

export async function go(path, anchor = "") {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(path, { headers: { "X-Fragment": "page" }, signal: running.signal });
    show(await answer.text(), anchor);
  } catch (error) {
    if (error.name !== "AbortError") say(document.body.dataset.failed);
  }
}

export function home() {
  if (behind.length) turn(behind.splice(0)[0]);
}

export function show(html, anchor = "") {
  behind.push({ part: main.firstElementChild, top: scrollY, focus: document.activeElement });
  const part = document.createElement("div");
  part.className = "widget-part";
  turn({ part, top: 0 });
  swap(part, html);
  const heading = part.querySelector("h1");
  (heading ?? main).focus({ preventScroll: true });
  document.getElementById(anchor)?.scrollIntoView();
}

function turn({ part, top, focus }) {
  main.replaceChildren(part);
  back.hidden = !behind.length;
  scrollTo(0, top);
  focus?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("turned"));
}

export function goBack() { turn(behind.pop()); }
