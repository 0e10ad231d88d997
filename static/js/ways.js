// Behaviours of the contact page, so that all other pages stay light.
import bind from "./bind.js";
import hours from "./hours.js";

bind({ hours });
