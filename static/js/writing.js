// Behaviours of pages on which a customer writes to people. What only a writer needs is loaded when somebody begins.
import bind from "./bind.js";
import draft, { sent, withdrawal } from "./draft.js";

function begun(load) {
  return (form) => {
    const begin = async () => (await load())(form);
    if (form.elements.text.value) begin();
    else form.addEventListener("focusin", begin, { once: true });
  };
}

// Until it is there, the form is sent as any form.
const sending = begun(async () => {
  const { default: sends } = await import("./sending.js");
  // The private page of what was sent is asked for once, by the browser.
  return sends((form, answer) => location.assign(answer.headers.get("Location")));
});
const suggestions = begun(async () => (await import("./suggestions.js")).default);

bind({ draft, sending, sent, suggestions, withdrawal });
