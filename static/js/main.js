// Gives each element the behaviours that its data-behaviour names. Without this script every page works as links and forms.
import complete from "./complete.js";
import copy from "./copy.js";
import results from "./results.js";
import tabs from "./tabs.js";
import vote from "./vote.js";

const behaviours = { complete, copy, results, tabs, vote };

for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(" ")) behaviours[name](element);
}
