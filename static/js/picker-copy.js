// Copies a picked article in one of four ways, and says so; its link is made when it is first copied.
import { make } from "./picker-ask.js";
import put from "./picker-clipboard.js";
import { tell } from "./picker-frame.js";
import say from "./say.js";

export const FORMATS = { text: "t", link: "l", markdown: "m", html: "h" };
const BACK_AFTER_MS = 2000;
const made = new WeakMap();

export default async function copyPicked(form, button, format) {
  const { asks, failed, origins } = form.dataset;
  const { copy, copied, notCopied } = document.body.dataset;
  if (button.dataset.closed !== undefined && !button.dataset.asks) {
    button.dataset.asks = "yes";
    return show(button, asks, copy, true);
  }
  try {
    const answer = await linkOf(button);
    const words = form.elements.quoted.checked ? answer.quoted : answer.plain;
    tell(origins, answer, words);
    const isCopied = await put(words, format);
    return show(button, isCopied ? copied : notCopied, copy, false);
  } catch { return show(button, failed, copy, false); }
}

// The same link again for the same article, however often it is copied from this list: it is sent once.
function linkOf(button) {
  if (!made.has(button)) {
    const making = make(button.form.action, [...new FormData(button.form), ["sure", "1"]]);
    made.set(button, making);
    making.catch(() => made.delete(button));
  }
  return made.get(button);
}

function show(button, words, before, stays) {
  const place = button.querySelector("span");
  place.textContent = words;
  say(words);
  clearTimeout(button.timer);
  if (!stays) button.timer = setTimeout(() => { place.textContent = before; delete button.dataset.asks; }, BACK_AFTER_MS);
}
