// Gives each element the behaviours that its data-behaviour names. Without this script every page works as links and forms.
import complete from "./complete.js";
import contents from "./contents.js";
import copy from "./copy.js";
import language from "./language.js";
import menu from "./menu.js";
import print from "./print.js";
import recent from "./recent.js";
import results from "./results.js";
import share from "./share.js";
import shortcut from "./shortcut.js";
import tabs from "./tabs.js";
import theme from "./theme-button.js";
import vote from "./vote.js";
import when from "./when.js";

const behaviours = new Map(Object.entries({
  complete, contents, copy, language, menu, print, recent, results, share, shortcut, tabs, theme, vote, when,
}));

function bind(place) {
  for (const element of place.querySelectorAll("[data-behaviour]")) {
    for (const name of element.dataset.behaviour.split(" ")) behaviours.get(name)?.(element);
  }
}

bind(document);
document.addEventListener("swapped", (event) => bind(event.target));
