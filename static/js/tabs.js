// Folds titled sections into tabs: the tabs pattern of the ARIA Authoring Practices. Printed, they unfold.
export default function tabs(box) {
  const panels = [...box.querySelectorAll(":scope > .tab")];
  if (panels.length < 2) return;
  const start = document.querySelectorAll("[role=tablist]").length;
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  const buttons = panels.map((panel, index) => button(panel, `tab-${start}-${index}`));
  list.append(...buttons);
  box.prepend(list);
  box.classList.add("tabs-folded");
  choose(0);

  function choose(chosen) {
    panels.forEach((panel, index) => { panel.hidden = index !== chosen; });
    buttons.forEach((one, index) => {
      one.setAttribute("aria-selected", String(index === chosen));
      one.tabIndex = index === chosen ? 0 : -1;
    });
  }

  list.addEventListener("click", (event) => {
    const index = buttons.indexOf(event.target);
    if (index >= 0) choose(index);
  });
  list.addEventListener("keydown", (event) => {
    const now = buttons.indexOf(event.target);
    const forward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const to = { [forward]: now + 1, [back]: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    choose(next);
    buttons[next].focus();
  });
}

function button(panel, id) {
  const one = document.createElement("button");
  Object.assign(one, { type: "button", id, textContent: panel.querySelector(".tab-title").textContent });
  one.setAttribute("role", "tab");
  one.setAttribute("aria-controls", `${id}-panel`);
  panel.id = `${id}-panel`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", id);
  return one;
}
