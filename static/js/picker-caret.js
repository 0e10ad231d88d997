// What stands before the caret of a box: "??" at the beginning of a word, and what was typed behind it.
const OPENS = /(?:^|\s)\?\?([^\n?]{0,80})$/;

export function asked(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const found = OPENS.exec(area.value.slice(0, area.selectionStart));
  return found && { start: area.selectionStart - found[1].length - 2, words: found[1].trim() };
}

// Puts a text in the place of all from `start` to the caret, so that the box's own undo takes it back.
export function insert(area, start, text) {
  area.focus();
  area.setSelectionRange(start, area.selectionStart);
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, start, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
