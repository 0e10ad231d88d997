// Behaviours that only pages of the desk have, so that customers' pages stay light.
import bind from "./bind.js";
import keys from "./keys.js";
import pickerPage from "./picker-page.js";
import rail from "./rail.js";
import replyPicker from "./reply-picker.js";
import rowClick from "./row-click.js";
import rows from "./rows.js";

bind({ keys, "picker-page": pickerPage, rail, "reply-picker": replyPicker, "row-click": rowClick, rows });
