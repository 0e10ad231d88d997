// Sends a form with its files without leaving the page, so that whatever is wrong, files and words stay in it.
import { drop } from "./draft.js";
import { last } from "./trail.js";

// What comes after it was taken is up to the page: `done` is given the form and the answer.
export default function sends(done) {
  return function sending(form) {
    const place = form.parentElement.querySelector(".writing-said");
    const files = form.elements.files;
    if (form.elements.search) form.elements.search.value ||= last();

    function refuse(...words) {
      const box = document.createElement("div");
      box.className = "writing-refused";
      box.setAttribute("role", "alert");
      box.textContent = words.join(" ");
      put(box);
    }

    function put(box) {
      place.replaceChildren(box);
      // A form that was open for too long gets a new name to be sent under.
      const { uid, stamp } = place.firstElementChild?.dataset ?? {};
      if (uid) Object.entries({ uid, stamp }).forEach(([name, value]) => { form.elements[name].value = value; });
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

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = event.submitter ?? form.querySelector("[type=submit]");
      if (button.getAttribute("aria-busy") === "true" || !areFilesFit()) return;
      button.setAttribute("aria-busy", "true");
      try {
        const body = new FormData(form, event.submitter);
        const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "sending" } });
        if (answer.ok) {
          drop(form.dataset.draft);
          await done(form, answer);
        } else put(document.createRange().createContextualFragment(await answer.text()));
      } catch {
        refuse(form.dataset.failed ?? document.body.dataset.failed);
      }
      button.removeAttribute("aria-busy");
    });
  };
}
