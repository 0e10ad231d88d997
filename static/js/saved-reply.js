// Puts a saved reply where the caret is, with its variables filled in; the same button works without this, by a form.
import say from "./say.js";

export default function savedReply(part) {
  const select = part.querySelector("select");
  const button = part.querySelector("button");
  const form = select.form;
  const box = form.elements.text;

  async function put(event) {
    event.preventDefault();
    const id = select.value;
    if (!id) return select.focus();
    try {
      const answer = await fetch(`${part.dataset.place}/${id}`);
      if (!answer.ok) throw new Error(answer.status);
      insert(await answer.json(), id);
    } catch {
      button.removeEventListener("click", put); // Then as without a script: the server puts it in.
      button.click();
    }
    return undefined;
  }

  function insert({ text, said }, id) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "saved", value: id });
    form.append(field);
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    warn(said);
    select.value = "";
  }

  function warn(said) {
    form.querySelector(".reply-missing")?.remove();
    if (!said) return;
    const line = document.createElement("p");
    Object.assign(line, { className: "reply-missing", textContent: said });
    box.before(line);
    say(said);
  }

  button.addEventListener("click", put);
  select.addEventListener("keydown", (event) => { if (event.key === "Enter" && select.value) put(event); });
}
