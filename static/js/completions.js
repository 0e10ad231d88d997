// The list under the search box. Everything is written as text; an answer can't bring markup in.
export function fill(list, completions, typed) {
  list.replaceChildren(...completions.map((completion, index) => option(completion, index, typed)));
}

export function mark(list, selected) {
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === selected)));
  list.children[selected]?.scrollIntoView({ block: "nearest" });
}

function option(completion, index, typed) {
  const item = document.createElement("li");
  item.id = `completion-${index}`;
  item.dataset.url = completion.url;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const words = document.createElement("span");
  words.append(...marked(completion.text, typed));
  item.append(words);
  if (completion.kind === "heading") {
    const title = document.createElement("small");
    title.textContent = completion.title;
    item.append(title);
  }
  return item;
}

function marked(text, typed) {
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0) return [text];
  const hit = document.createElement("mark");
  hit.textContent = text.slice(at, at + typed.length);
  return [text.slice(0, at), hit, text.slice(at + typed.length)];
}
