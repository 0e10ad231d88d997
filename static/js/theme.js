// Runs before the page is painted, so that a choice of light or dark never flashes. A classic script for that reason.
{
  const root = document.documentElement;
  root.dataset.scripts = "";
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Where nothing may be kept the system decides.
  }
}
