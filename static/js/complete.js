// Under the search box: suggestions while somebody types, and in an empty box what was searched for last.
import { grouped } from "./completions.js";
import latest from "./latest.js";
import listbox from "./listbox.js";
import { forget, recall } from "./recent.js";

export default function complete(form) {
  const input = form.elements.q;
  const clear = form.querySelector(".completions button");
  const status = form.querySelector("[role=status]");
  const words = form.dataset;
  const asking = latest(80);
  const show = listbox(input, form.querySelector("[role=listbox]"), open);

  function open() {
    const text = input.value.trim();
    if (text) suggest(text);
    else remind();
  }

  function suggest(text) {
    clear.hidden = true;
    asking.ask(`${words.completions}&q=${encodeURIComponent(text)}`, {}, async (answer) => {
      const { completions } = await answer.json();
      if (document.activeElement !== input) return;
      show(grouped(completions, words), text);
      say(completions.length ? words.some : words.none, completions.length);
    });
  }

  function remind() {
    const items = recall().map((text) => ({ text, url: `${form.action}?q=${encodeURIComponent(text)}` }));
    asking.drop();
    clear.hidden = !items.length;
    show(items.length ? [{ label: words.recent, isLabelled: true, items }] : []);
    say(items.length ? words.recalled : "", items.length);
  }

  function close() { asking.drop(); show([]); }

  function say(text, count) { status.textContent = text.replace("{n}", count); }

  input.addEventListener("input", open);
  input.addEventListener("focus", () => { if (!input.value.trim()) remind(); });
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") asking.drop(); });
  form.addEventListener("submit", close);
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  clear.addEventListener("click", () => { forget(); input.focus(); show([]); say(words.cleared); });
}
