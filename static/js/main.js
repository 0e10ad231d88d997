// Gives each element the behaviours that its data-behaviour names. Without this script every page works as links and forms.
import bind from "./bind.js";
import clicks from "./clicks.js";
import complete from "./complete.js";
import contact from "./contact.js";
import copy from "./copy.js";
import inplace from "./inplace.js";
import language from "./language.js";
import menu from "./menu.js";
import recent from "./recent.js";
import results from "./results.js";
import share from "./share.js";
import shortcut from "./shortcut.js";
import suggested from "./suggested.js";
import theme from "./theme-button.js";
import when from "./when.js";

bind({
  clicks, complete, contact, copy, inplace, language, menu, recent, results, share, shortcut, suggested, theme, when,
});
