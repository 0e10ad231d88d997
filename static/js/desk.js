// Behaviours that only pages of the desk have; main.js fetches them there.
import keys from "./keys.js";
import rows from "./rows.js";

export default { keys, rows };
