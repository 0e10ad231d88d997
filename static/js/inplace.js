// Sends a part's forms without leaving the page: the same forms, whose answer is put in their place.
import swap from "./swap.js";

export default function inplace(place) {
  async function send(event) {
    event.preventDefault();
    const form = event.target;
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form, button));
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "inplace" } });
      const text = await answer.text();
      if (answer.ok) thank(text);
      else refuse(text);
    } catch {
      const words = document.createElement("p");
      words.textContent = place.dataset.failed;
      refuse(`<div role="alert">${words.outerHTML}</div>`);
    }
    button?.removeAttribute("aria-busy");
  }

  function thank(text) {
    swap(place, text);
    place.querySelector("h2").focus();
  }

  // What was written stays in the form.
  function refuse(text) {
    place.querySelector("[role=alert]")?.remove();
    place.insertAdjacentHTML("afterbegin", text);
  }

  place.addEventListener("submit", send);
}
