// "??" in a box for replies: a list of articles for the customer's last message opens under it, filled already. What is
// typed behind it narrows the list; Enter puts the link there, Shift+Enter a quoted passage too, Escape leaves what is there.
import latest from "./latest.js";
import { address, HEADERS, link, text } from "./picker-ask.js";
import { asked, insert } from "./picker-caret.js";
import pickerList from "./picker-list.js";
import say from "./say.js";

export default function replyPicker(area) {
  const list = pickerList(area, (option) => choose(option, false));
  const asking = latest(60);
  let ahead = ""; // Asked for at once, so that "??" opens a list that is there.
  let open = null; // What stands between "??" and the caret, and where it begins.
  let dropped = -1; // Where the "??" stands that Escape said no to.
  let waits = null; // An Enter that came before the list for these words,
  let isDue = false; // which has not come yet.

  fetch(address(area, ""), HEADERS).then(text).then((html) => { ahead = html; }, () => {});

  function follow() {
    const found = asked(area);
    if (!found) dropped = -1;
    if (!found || found.start === dropped) close();
    else if (open?.start !== found.start || open.words !== found.words) look(found);
  }

  function look(found) {
    [open, isDue, waits] = [found, true, null];
    asking.drop();
    if (!found.words && ahead) fill(ahead);
    else asking.ask(address(area, found.words), HEADERS, async (answer) => fill(await text(answer)));
  }

  function fill(html) {
    isDue = false;
    say(list.fill(html));
    if (waits) choose(list.chosen(), waits.isQuoted);
  }

  function close() { open = waits = null; asking.drop(); list.hide(); }

  async function choose(option, isQuoted) {
    if (!option) return;
    if (list.asks(option)) { say(list.words.asks); return; }
    try {
      const made = await link(area, option.dataset, isQuoted);
      insert(area, open.start, (isQuoted ? made.quoted : made.plain).text);
      say(`${list.words.inserted}: ${made.title}`);
      close();
    } catch { say(list.fail()); }
  }

  for (const moved of ["input", "click"]) area.addEventListener(moved, follow);
  area.addEventListener("blur", close);
  list.keys(() => open, {
    Escape() { dropped = open.start; close(); },
    Enter(isQuoted) { if (isDue) waits = { isQuoted }; else choose(list.chosen(), isQuoted); },
  });
}
