// Behaviours of an article's page, so that all other pages stay light.
import bind from "./bind.js";
import contents from "./contents.js";
import print from "./print.js";
import reading from "./reading.js";
import tabs from "./tabs.js";

bind({ contents, print, reading, tabs });
