// Keys of a page: a letter does what the element with that data-key does. "?" shows them; a box switches them off, for good.
// In a list, the letter means the row that has the focus.
const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const OFF = "keys-off";

export default function keys(list) {
  const box = list.querySelector("input[type=checkbox]");
  list.parentElement.dataset.keys = ""; // Now that they work, the button that shows them is shown.
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (!isPlain || !box.checked || event.target.closest(WRITING)) return;
    if (event.key === "?") list.togglePopover();
    else if (/^[a-z]$/.test(event.key) && !press(find(event))) return;
    else if (!/^[a-z]$/.test(event.key)) return;
    event.preventDefault();
  });
}

function find(event) {
  const wanted = `[data-key="${event.key}"]`;
  const inList = document.querySelector("[data-behaviour~=rows]");
  return inList ? event.target.closest("tr")?.querySelector(wanted) : document.querySelector(wanted);
}

function press(element) {
  if (!element) return false;
  if (element.tagName !== "DETAILS") element.click();
  else open(element);
  return true;
}

function open(details) {
  details.open = true;
  details.querySelector("textarea, select, input:not([type=hidden])").focus();
}
