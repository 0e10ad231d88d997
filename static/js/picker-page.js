// The picker's page: suggestions follow the message while it is pasted or typed; arrows go from one to the next, letters
// copy. A text that a bookmark brought stands behind the "#" of the address.
import latest from "./latest.js";
import copyPicked, { FORMATS } from "./picker-copy.js";
import hear from "./picker-frame.js";
import { HEADERS, text } from "./picker-ask.js";
import say from "./say.js";
import swap from "./swap.js";

export default function pickerPage(form) {
  const place = document.getElementById(form.dataset.picks);
  const { q, format, quoted } = form.elements;
  const asking = latest(120);
  const buttons = () => [...place.querySelectorAll(".pick-copy")];

  function follow() {
    asking.ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), ...HEADERS }, async (answer) => {
      swap(place, await text(answer));
      const { length } = buttons();
      if (q.value.trim()) say(length === 0 ? form.dataset.none : length === 1 ? form.dataset.one : form.dataset.found.replace("{n}", length));
    });
  }

  function look(message, lang) {
    q.value = message.slice(0, q.maxLength);
    if (lang && form.elements.lang.querySelector?.(`option[value="${CSS.escape(lang)}"]`)) form.elements.lang.value = lang;
    follow();
    q.focus();
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const all = buttons();
    const here = all.indexOf(event.target.closest("li")?.querySelector(".pick-copy"));
    const known = Object.keys(FORMATS).find((one) => FORMATS[one] === event.key);
    if (event.key === "ArrowDown" && (here >= 0 || q.selectionStart === q.value.length)) all[Math.min(here + 1, all.length - 1)]?.focus();
    else if (here < 0) return;
    else if (event.key === "ArrowUp") (all[here - 1] ?? q).focus();
    else if (event.key === "Escape") q.focus();
    else if (event.key === "q") { quoted.checked = !quoted.checked; say(form.dataset[quoted.checked ? "quoted" : "plain"]); }
    else if (known && !event.repeat) copyPicked(form, all[here], known);
    else return;
    event.preventDefault();
  }

  [q, place].forEach((part) => part.addEventListener("keydown", press));
  q.addEventListener("input", follow);
  form.elements.lang.addEventListener("change", follow);
  form.addEventListener("submit", (event) => { event.preventDefault(); follow(); });
  place.addEventListener("submit", (event) => { event.preventDefault(); copyPicked(form, event.submitter ?? event.target.querySelector(".pick-copy"), format.value); });
  hear(form.dataset.origins, look);
  const brought = new URLSearchParams(location.hash.slice(1)).get("q");
  if (brought) { history.replaceState(null, "", location.pathname); look(brought); }
}
