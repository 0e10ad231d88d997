// The results page follows the words while they are typed; its address follows too, and what was found is announced.
import latest from "./latest.js";
import swap from "./swap.js";

export default function results(form) {
  const place = document.getElementById("results");
  const status = form.querySelector("[role=status]");
  const asking = latest(300);

  function follow() {
    const asked = new URLSearchParams(new FormData(form));
    asked.set("q", form.elements.q.value.trim());
    const url = `${form.action}?${asked}`;
    asking.ask(url, { headers: { "X-Fragment": "results" } }, async (answer) => {
      swap(place, await answer.text());
      const line = place.querySelector(".results-line");
      status.textContent = line.dataset.said ?? line.textContent;
      history.replaceState(null, "", url);
    });
  }

  form.elements.q.addEventListener("input", follow);
}
