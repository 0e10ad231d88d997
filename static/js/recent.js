// The last searches, for this browser alone: no request carries them. Where nothing can be stored, there are none.
const KEY = "recent-searches";
const FORMAT = 1;
const MOST = 8;
const LONGEST = 100; // What is longer was pasted, and may be somebody's letter.

export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    if (kept?.format !== FORMAT) return [];
    return kept.searches.filter((one) => one && typeof one === "string" && one.length <= LONGEST).slice(0, MOST);
  } catch {
    return [];
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept then.
  }
}

// Keeps what a page of results was opened with; what is merely typed there is not kept.
export default function recent(form) {
  const text = form.elements.q.defaultValue.trim();
  if (!text || text.length > LONGEST) return;
  const others = recall().filter((one) => one.toLowerCase() !== text.toLowerCase());
  try {
    localStorage.setItem(KEY, JSON.stringify({ format: FORMAT, searches: [text, ...others].slice(0, MOST) }));
  } catch {
    // Searching works without.
  }
}
