// Ctrl and Enter, or Command and Enter, send the form of a text, by its first button.
export default function sendKey(box) {
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    box.form.requestSubmit(box.form.querySelector("button:not([formnovalidate])"));
  });
}
