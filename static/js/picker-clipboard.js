// Puts a link into the clipboard. As HTML it is a link in a box that shows them, and HTML's text in one that does not.
export default async function put(words, format) {
  const parts = { "text/plain": words[format] };
  if (format === "html") parts["text/html"] = words.html;
  const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return plainly(words[format]); // In a frame that its page gave no clipboard.
  }
}

function plainly(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "visually-hidden";
  document.body.append(box);
  box.select();
  const isCopied = document.execCommand("copy");
  box.remove();
  before?.focus();
  return isCopied;
}
