// A box to write in with a list under it: the combobox pattern of the ARIA Authoring Practices, "manual selection".
import { fill } from "./completions.js";

// open: what to do where an arrow key is pressed and there is no list.
export default function listbox(input, list, open) {
  const panel = list.parentElement;
  let options = [];
  let selected = -1;

  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })
    .forEach(([name, value]) => input.setAttribute(name, value));

  function show(groups, typed = "") {
    options = fill(list, groups, typed);
    panel.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!panel.hidden));
    select(-1);
  }

  function select(index) {
    selected = index;
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === index)));
    options[index]?.scrollIntoView({ block: "nearest" });
    if (index === 0) list.scrollTop = 0; // Its group's label is above it.
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[index].id);
  }

  function arrow(way) {
    const next = selected + way;
    if (panel.hidden) open();
    else select(next >= options.length ? -1 : next < -1 ? options.length - 1 : next);
  }

  const keys = {
    ArrowDown: () => arrow(1),
    ArrowUp: () => arrow(-1),
    Escape: panelOnly(() => show([])),
    Enter: panelOnly(() => (selected < 0 ? false : options[selected].click())),
  };
  function panelOnly(act) { return () => (panel.hidden ? false : act()); }

  input.addEventListener("keydown", (event) => { if (keys[event.key] && keys[event.key]() !== false) event.preventDefault(); });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  return show;
}
