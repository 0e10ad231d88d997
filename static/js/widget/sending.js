// What the contact form and its withdrawal do inside the frame: the answer is the next page there.
import { withdrawal } from "../draft.js";
import sends from "../sending.js";
import { show } from "./pages.js";

export const sending = sends(async (form, answer) => show(await answer.text()));

export function withdrawing(form) {
  withdrawal(form);
  sending(form);
}
