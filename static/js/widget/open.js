// What the page around the frame may ask of it: to begin with something, to change its colours, to rest while it is closed.
import { go, home } from "./pages.js";

const root = document.documentElement;
const MOST = { query: 500, article: 64, path: 500 };

function words(data, name) { return typeof data[name] === "string" ? data[name].slice(0, MOST[name]) : ""; }

export function look({ theme }) { if (theme === "light" || theme === "dark") root.dataset.theme = theme; }

export async function open(data) {
  delete root.dataset.closed;
  look(data);
  const query = words(data, "query");
  const article = words(data, "article");
  if (query) home();
  ask(query, words(data, "path"));
  if (article) await go(`${document.body.dataset.home}a/${encodeURIComponent(article)}`);
  else focus();
  document.dispatchEvent(new Event("turned"));
}

function ask(query, path) {
  const form = document.getElementById("q")?.form;
  if (!form || (!query && (!path || path === form.elements.path.value))) return;
  if (path) form.elements.path.value = path;
  if (query) form.elements.q.value = query;
  form.elements.q.dispatchEvent(new Event("input", { bubbles: true }));
}

function focus() {
  const isTouched = matchMedia("(pointer: coarse)").matches; // The keyboard on the screen would hide what stands there.
  const input = isTouched ? null : document.getElementById("q");
  (input ?? document.querySelector("h1") ?? document.getElementById("page")).focus({ preventScroll: true });
}

export function close() {
  root.dataset.closed = "";
  document.dispatchEvent(new Event("turned"));
}
