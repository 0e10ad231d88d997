// Suggestions while typing: the combobox pattern of the ARIA Authoring Practices, "list autocomplete with manual selection".
import { fill, mark } from "./completions.js";
import latest from "./latest.js";

export default function complete(form) {
  const input = form.elements.q;
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  const asking = latest(80);
  let selected = -1;

  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })
    .forEach(([name, value]) => input.setAttribute(name, value));

  function show(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    select(-1);
  }

  function select(index) {
    selected = index;
    mark(list, index);
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[index].id);
  }

  function type() {
    const text = input.value.trim();
    if (!text) { asking.drop(); show(false); return; }
    asking.ask(`${form.dataset.completions}&q=${encodeURIComponent(text)}`, {}, async (answer) => {
      const { completions } = await answer.json();
      if (document.activeElement !== input) return;
      fill(list, completions, text);
      show(completions.length > 0);
      const { some, none } = form.dataset;
      status.textContent = completions.length ? some.replace("{n}", completions.length) : none;
    });
  }

  function step(event) {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); asking.drop(); show(false); }
    else if (event.key === "Enter" && selected >= 0) { event.preventDefault(); location.assign(list.children[selected].dataset.url); }
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && !list.hidden) {
      event.preventDefault();
      const next = selected + (event.key === "ArrowDown" ? 1 : -1);
      select(next >= count ? -1 : next < -1 ? count - 1 : next);
    }
  }

  input.addEventListener("input", type);
  input.addEventListener("keydown", step);
  form.addEventListener("submit", () => { asking.drop(); show(false); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) { asking.drop(); show(false); } });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => { const one = event.target.closest("[role=option]"); if (one) location.assign(one.dataset.url); });
}
