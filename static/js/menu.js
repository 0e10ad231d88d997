// A disclosure that floats: closes on Escape, on a click elsewhere, and when the focus goes on. Without scripts it is plain.
export default function menu(details) {
  const summary = details.querySelector("summary");

  function close() { details.open = false; }

  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    close();
    summary.focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => { if (!details.contains(event.target)) close(); });
}
