// The widget's frame: the behaviours of the help centre, and those that a frame needs besides.
import "./keys.js"; // First: it changes what the others ask with.
import bind from "../bind.js";
import arrows from "./arrows.js";
import clicks from "../clicks.js";
import contact from "../contact.js";
import copy from "../copy.js";
import draft from "../draft.js";
import hours from "../hours.js";
import inplace from "../inplace.js";
import links from "./links.js";
import listen from "./host.js";
import reading from "./reading.js";
import results from "../results.js";
import { sending, withdrawing as withdrawal } from "./sending.js";
import suggestions from "../suggestions.js";
import tabs from "../tabs.js";
import when from "../when.js";

bind({
  arrows, clicks, contact, copy, draft, hours, inplace, links, reading, results, sending, suggestions, tabs, when,
  withdrawal,
});
listen();
