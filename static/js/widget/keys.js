// In a frame on another site browsers keep no cookies of ours. There, who visits and who votes is said in headers, for as
// long as this frame is there; nothing is stored. The server gives a voter's key where the browser says that it is so.
const { voter } = document.body.dataset;
let visit = "";

try {
  sessionStorage.getItem("search");
} catch { // Refused in such a frame: what led where is known to this page alone, which stays.
  const kept = new Map();
  const value = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
  Object.defineProperty(globalThis, "sessionStorage", { value });
}

if (voter) {
  const plain = globalThis.fetch;

  globalThis.fetch = async (url, options = {}) => {
    const answer = await plain(url, { ...options, headers: { ...options.headers, "X-Visit": visit, "X-Voter": voter } });
    visit = answer.headers.get("X-Visit") ?? visit;
    return answer;
  };

  // A beacon has no headers of its own.
  navigator.sendBeacon = (url, body) => {
    globalThis.fetch(url, { method: "POST", body, keepalive: true }).catch(() => {});
    return true;
  };
}
