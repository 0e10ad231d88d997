// Light or dark. Who chooses what the system has follows it again; any other choice stays, whatever the system turns to.
const KEY = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export default function themeButton(button) {
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const show = () => button.setAttribute("aria-pressed", String(isDark()));

  function choose(wanted) {
    if (wanted === system.matches) delete root.dataset.theme;
    else root.dataset.theme = wanted ? "dark" : "light";
    keep(root.dataset.theme);
    show();
  }

  button.addEventListener("click", () => choose(!isDark()));
  system.addEventListener("change", show);
  show();
}

function keep(theme) {
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // It lasts as long as the page then.
  }
}
