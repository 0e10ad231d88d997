// Shows articles that may answer what is being written, while it is written.
import latest from "./latest.js";
import say from "./say.js";
import swap from "./swap.js";

const MOST = 2000; // Characters that are sent: what a message is about stands in its beginning.
const NAMES = ["uid", "stamp", "topic", "search", "subject"];

export default function suggestions(form) {
  const place = form.querySelector("#suggested");
  const asking = latest(600);
  const fields = form.elements;
  let before = "";
  fields.shown.value = "1"; // What is suggested is seen while writing, so nothing stands between writing and sending.

  function follow() {
    const written = `${fields.subject.value.trim()} ${fields.text.value.trim()}`;
    if (written === before) return;
    before = written;
    const asked = new URLSearchParams(NAMES.map((name) => [name, fields[name].value]));
    asked.set("text", fields.text.value.slice(0, MOST));
    const options = { method: "POST", body: asked, headers: { "X-Fragment": "suggestions" } };
    asking.ask(form.dataset.suggestions, options, async (answer) => show(await answer.text()));
  }

  function show(html) {
    const had = place.querySelector(".suggested")?.innerHTML;
    if (place.contains(document.activeElement)) return; // Nothing moves under somebody's fingers.
    swap(place, html.trim());
    const part = place.querySelector(".suggested");
    if (part && part.innerHTML !== had) say(part.dataset.said);
  }

  for (const name of ["subject", "text"]) fields[name].addEventListener("input", follow);
  if (fields.text.value && !form.querySelector(".suggested")) follow();
}
