// In a frame: tells the page around it what was picked, and hears which message is open there; of allowed origins alone.
// What it tells: {type: "signpost.picked", title, url, text, markdown, html}. What it hears: {type: "signpost.message", text, lang}.
const PICKED = "signpost.picked";
const MESSAGE = "signpost.message";

function allowed(origins) { return window.parent === window || !origins ? [] : origins.split(" ").filter(Boolean); }

export function tell(origins, { title }, { link, text, markdown, html }) {
  // A browser hands a message to no page but one of the origin it is for.
  for (const origin of allowed(origins)) {
    window.parent.postMessage({ type: PICKED, title, url: link, text, markdown, html }, origin);
  }
}

export default function hear(origins, look) {
  const known = allowed(origins);
  if (!known.length) return;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !known.includes(event.origin)) return;
    const { type, text = "", lang = "" } = event.data ?? {};
    if (type === MESSAGE && typeof text === "string" && typeof lang === "string") look(text, lang);
  });
}
