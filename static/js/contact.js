// Tells that somebody turned to a person: the page with the ways was opened, or one of them was taken.
import tell from "./beacon.js";
import { last } from "./trail.js";

export default function contact(place) {
  if ("opened" in place.dataset) {
    tell("contacted", { step: "opened", search: last() });
    return;
  }
  place.addEventListener("click", (event) => {
    const link = event.target.closest("[data-channel]");
    if (link) tell("contacted", { step: "sent", channel: link.dataset.channel, search: last() });
  });
}
