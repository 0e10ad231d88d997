// Sends a form with its files, and shows the answer as the next page; refused, words and files stay in it.
import { last } from "../trail.js";
import { show } from "./pages.js";

export default function sending(form) {
  const place = form.querySelector(".writing-said") ?? form;
  form.elements.search.value ||= last();

  function refuse(html) {
    place.querySelector(".widget-refusal, :scope > [role=alert]")?.remove();
    place.insertAdjacentHTML("afterbegin", html);
    // A form that was open for too long gets a new name to be sent under.
    const { uid, stamp } = place.firstElementChild.dataset;
    if (uid) Object.assign(form.elements.uid, { value: uid });
    if (stamp) Object.assign(form.elements.stamp, { value: stamp });
    place.scrollIntoView({ block: "nearest" });
  }

  function failed() {
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    words.textContent = document.body.dataset.failed;
    refuse(words.outerHTML);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(form, event.submitter);
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "page" } });
      const text = await answer.text();
      if (answer.ok) show(text);
      else refuse(text);
    } catch {
      failed();
    }
    button.removeAttribute("aria-busy");
  });
}
