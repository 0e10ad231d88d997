// Keeps what an agent writes in this browser until it is sent, so that a reload or a lost connection loses nothing.
const LASTS_MS = 7 * 86400000;

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < LASTS_MS ? kept : null;
  } catch {
    return null;
  }
}

function write(key, kept) {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch {
    // Then the page alone has it.
  }
}

export default function replyDraft(box) {
  const { conversation, kept: isKept, uid } = box.dataset;
  const key = `reply-${conversation}`;
  const greeting = box.value;
  const before = read(key);
  if (before && (isKept || document.getElementById(`m-${before.uid}`))) write(key, null); // Sent, or the server knows better.
  else if (before && before.text.trim() !== greeting.trim()) {
    box.value = before.text;
    box.form.elements.uid.value = before.uid;
  }
  const own = box.form.elements.uid.value || uid;
  box.addEventListener("input", () => {
    write(key, box.value.trim() && box.value !== greeting ? { uid: own, text: box.value, at: Date.now() } : null);
  });
  document.querySelector(`[data-forget="${key}"]`)?.addEventListener("click", () => write(key, null));
}
