// Behaviours of pages on which a customer writes to people, so that all other pages stay light.
import bind from "./bind.js";
import draft, { sent, withdrawal } from "./draft.js";
import sending from "./sending.js";
import suggestions from "./suggestions.js";

bind({ draft, sending, sent, suggestions, withdrawal });
