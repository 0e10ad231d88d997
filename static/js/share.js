// Copies the short link, which outlives every move, and says so; without a clipboard it stays a link.
import say from "./say.js";

const BACK_AFTER_MS = 2000;

export default function share(link) {
  if (!navigator.clipboard) return; // Browsers give it to secure pages alone.
  const words = link.querySelector("span");
  const before = link.dataset.words;
  words.textContent = before;
  const { copied, notCopied } = document.body.dataset;

  link.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      words.textContent = copied;
    } catch {
      words.textContent = notCopied;
    }
    say(words.textContent);
    setTimeout(() => { words.textContent = before; }, BACK_AFTER_MS);
  });
}
