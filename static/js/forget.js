// Clears what scripts of this site keep in this browser, when its reader has the rest of it cleared.
import { forget } from "./recent.js";

export default function forgetting(form) {
  form.addEventListener("submit", forget);
}
