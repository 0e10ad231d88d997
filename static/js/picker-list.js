// The list under a box for replies. The box keeps the focus, as in the combobox pattern of the ARIA Authoring Practices.
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
let lists = 0;

export default function pickerList(area, pick) {
  const panel = document.createElement("div");
  Object.assign(panel, { className: "reply-picker", hidden: true, id: `reply-picker-${(lists += 1)}` });
  area.after(panel);
  area.setAttribute("aria-autocomplete", "list");
  let options = [];
  let selected = -1;

  function select(index) {
    selected = index;
    options.forEach((one, place) => { one.setAttribute("aria-selected", String(place === index)); delete one.dataset.asks; });
    options[index]?.scrollIntoView({ block: "nearest" });
    if (options[index]) area.setAttribute("aria-activedescendant", options[index].id);
    else area.removeAttribute("aria-activedescendant");
  }

  const list = {
    get words() { return panel.firstElementChild.dataset; },
    chosen: () => options[selected],
    hide() { panel.hidden = true; options = []; select(-1); },
    fail() { panel.querySelector(".reply-picker-hint").textContent = list.words.failed; return list.words.failed; },
    // What the customer may not read is picked by the second try alone.
    asks(option) {
      if (option.dataset.closed === undefined || option.dataset.asks) return false;
      option.dataset.asks = list.words.asks;
      return true;
    },
    fill(html) {
      panel.innerHTML = html;
      panel.firstElementChild.id = `${panel.id}-list`;
      options = [...panel.querySelectorAll("[role=option]")];
      options.forEach((one, index) => {
        one.id = `${panel.id}-${index}`;
        one.addEventListener("click", () => { if (index !== selected) select(index); pick(one); });
      });
      panel.hidden = false;
      area.setAttribute("aria-controls", `${panel.id}-list`);
      select(options.length ? 0 : -1);
      return list.words.said;
    },
    keys(isAsked, own) {
      area.addEventListener("keydown", (event) => {
        if (!isAsked() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (MOVES[event.key] && options.length) select((selected + MOVES[event.key] + options.length) % options.length);
        else if (own[event.key]) { if (!event.repeat) own[event.key](event.shiftKey); } else return;
        event.preventDefault();
        event.stopImmediatePropagation(); // The form's own keys mean something else.
      });
    },
  };
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  return list;
}
