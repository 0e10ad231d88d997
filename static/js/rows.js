// Rows of a table by key: j and k, or the arrows while a row has the focus, go from one to the next; Enter opens it, as a
// link does. Letters that need words open the gap's page where its form is.
const FORMS = { d: "#because", o: "#owner", r: "#title", m: "#into" };
const WRITING = "input, textarea, select, [contenteditable]";
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

export default function rows(table) {
  const links = [...table.querySelectorAll("th[scope=row] a")];
  const mayChange = table.dataset.change === "yes";

  function here() { return links.indexOf(document.activeElement.closest("tr")?.querySelector("th[scope=row] a")); }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITING)) return;
    if (document.querySelector("#keys input")?.checked === false) return;
    const step = STEPS[event.key];
    const place = here();
    if (step && (event.key.length === 1 || place >= 0)) links[place < 0 ? 0 : Math.min(Math.max(place + step, 0), links.length - 1)].focus();
    else if (mayChange && place >= 0 && FORMS[event.key]) location.assign(links[place].href + FORMS[event.key]);
    else return;
    event.preventDefault();
  });
}
