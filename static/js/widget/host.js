// Speaks with the page around the frame: with the one alone that the server let show it, in these few words alone.
import { close, look, open } from "./open.js";

const { host } = document.body.dataset;

function tell(kind, about = {}) { parent.postMessage({ signpost: 1, kind, ...about }, host); }

export default function listen() {
  if (!host || parent === globalThis.self) return;
  const kinds = { open, look, close };
  addEventListener("message", ({ origin, source, data }) => {
    if (origin === host && source === parent && data?.signpost === 1 && Object.hasOwn(kinds, data.kind)) kinds[data.kind](data);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    tell("close");
  });
  const page = document.getElementById("page");
  const around = [...document.querySelectorAll(".widget-header, .widget-footer")];
  new ResizeObserver(() => {
    const height = around.reduce((sum, one) => sum + one.offsetHeight, page.firstElementChild.offsetHeight);
    tell("resize", { height });
  }).observe(page);
  tell("ready");
}
