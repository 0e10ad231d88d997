// "/" goes to the search box from anywhere on the page where nothing is being written.
const WRITING = "input, textarea, select, [contenteditable]";

export default function shortcut(input) {
  input.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITING)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
