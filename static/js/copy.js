// A button on a block of code that copies it, and says so.
import say from "./say.js";

const BACK_AFTER_MS = 2000;

export default function copy(box) {
  if (!navigator.clipboard) return; // Browsers give it to secure pages alone.
  const { copy: words, ui } = document.body.dataset;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy-button", textContent: words, lang: ui });
  button.addEventListener("click", () => put(box.querySelector("pre"), button));
  box.append(button);
}

async function put(code, button) {
  const { copy: words, copied, notCopied } = document.body.dataset;
  try {
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    button.textContent = copied;
  } catch {
    button.textContent = notCopied;
  }
  say(button.textContent);
  setTimeout(() => { button.textContent = words; }, BACK_AFTER_MS);
}
