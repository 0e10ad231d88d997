// Behaviours that only pages of the desk have, so that customers' pages stay light.
import bind from "./bind.js";
import keys from "./keys.js";
import rows from "./rows.js";

bind({ keys, rows });
