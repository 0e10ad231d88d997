// Lets a click anywhere in a row open what its link opens; marking text or pressing something else stays what it is.
export default function rowClick(table) {
  table.addEventListener("click", (event) => {
    const isOwn = event.target.closest("a, button, input, label, select, summary");
    const link = event.target.closest("tr")?.querySelector("th[scope=row] a");
    if (isOwn || !link || !getSelection().isCollapsed) return;
    link.click();
  });
}
