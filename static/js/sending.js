// Sends a form with files without leaving the page, so that whatever is wrong, files and words stay in it.
import { drop } from "./draft.js";

export default function sending(form) {
  const place = form.querySelector(".writing-said");
  const files = form.elements.files;

  function refuse(...words) {
    const box = document.createElement("div");
    box.className = "writing-refused";
    box.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.textContent = words.join(" ");
    box.append(line);
    put(box);
  }

  function put(box) {
    place.replaceChildren(box);
    place.scrollIntoView({ block: "nearest" });
  }

  function areFilesFit() {
    const chosen = [...files?.files ?? []];
    const large = chosen.find((file) => file.size > Number(files.dataset.mostBytes));
    if (large) refuse(form.dataset.tooLarge, large.name);
    else if (chosen.length > Number(files?.dataset.most ?? 0)) refuse(form.dataset.tooMany);
    else return true;
    return false;
  }

  async function send(event) {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true" || !areFilesFit()) return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "sending" } });
      if (answer.ok) return leave(answer.headers.get("Location"));
      put(document.createRange().createContextualFragment(await answer.text()));
    } catch {
      refuse(form.dataset.failed);
    }
    button.removeAttribute("aria-busy");
  }

  function leave(address) {
    drop(form.dataset.draft);
    location.assign(address);
  }

  form.addEventListener("submit", send);
}
