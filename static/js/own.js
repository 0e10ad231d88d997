// Behaviours of pages that show what is a reader's own, so that all other pages stay light.
import bind from "./bind.js";
import forget from "./forget.js";
import personal from "./personal.js";

bind({ forget, personal });
