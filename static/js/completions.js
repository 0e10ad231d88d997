// The list under the search box. Everything is written as text; an answer can't bring markup in.

// Neighbours of one topic make a group; so do past queries, and what fits only with another spelling.
export function grouped(completions, words) {
  const groups = [];
  for (const one of completions) {
    const other = groups.some((group) => group.label) ? words.other : ""; // Others than those above, if there are any.
    const label = one.is_corrected ? words.similar : one.kind === "query" ? words.asked : one.topic ?? other;
    if (groups.at(-1)?.label !== label) groups.push({ label, isLabelled: Boolean(one.is_corrected), items: [] });
    groups.at(-1).items.push(one);
  }
  return groups;
}

// Returns the options in their order. A group alone has a label only where it can't do without.
export function fill(list, groups, typed) {
  const pattern = beginnings(typed);
  list.replaceChildren(...groups.flatMap(({ label, isLabelled, items }, index) => {
    const options = items.map((item) => option(item, pattern));
    if (!label || (groups.length === 1 && !isLabelled)) return options;
    const id = `completions.${index}`;
    return element("div", { role: "group", "aria-labelledby": id }, [element("div", { id, role: "presentation" }, [label]), ...options]);
  }));
  const options = [...list.querySelectorAll("[role=option]")];
  options.forEach((one, index) => { one.id = `completions.option.${index}`; });
  return options;
}

function option({ text, url, kind, title, id }, pattern) {
  const parts = [element("span", {}, marked(text, pattern))];
  if (kind === "heading" || kind === "aka") parts.push(element("small", {}, [title]));
  const article = id ? { "data-article": id } : {};
  return element("a", { role: "option", href: url, tabindex: "-1", "aria-selected": "false", ...article }, parts);
}

function element(name, attributes, children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function marked(text, pattern) {
  return pattern ? text.split(pattern).map((part, index) => (index % 2 ? element("mark", {}, [part]) : part)) : [text];
}

// Scripts that have no capitals may have no blanks either: there a word begins anywhere.
function beginnings(typed) {
  const words = typed.split(/[^\p{L}\p{M}\p{N}_]+/u).filter(Boolean);
  return words.length ? new RegExp(`(?<![\\p{LC}\\p{N}])(${words.join("|")})`, "iu") : null;
}
