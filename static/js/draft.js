// Keeps what is being written in this tab alone, so that a reload, an error or a lost connection loses nothing.
const LASTS_MS = 72000000; // Below the day after which a form has to be sent twice.
const NAMES = ["uid", "stamp", "subject", "text", "name", "address"];

function read(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    return kept && Date.now() - kept.at < LASTS_MS ? kept.fields : null;
  } catch {
    return null;
  }
}

function write(key, fields) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ fields, at: Date.now() }));
  } catch {
    // Then the form alone has it.
  }
}

export function drop(key) {
  try {
    sessionStorage.removeItem(`draft:${key}`);
  } catch {
    // Nothing was kept then.
  }
}

function known(form) { return NAMES.filter((name) => form.elements[name]); }

export default function draft(form) {
  const key = `draft:${form.dataset.draft}`;
  const fields = form.elements;
  const before = read(key);
  if (before && !fields.text.value) {
    for (const name of known(form)) fields[name].value = before[name] || fields[name].value;
  }
  form.addEventListener("input", () => {
    write(key, Object.fromEntries(known(form).map((name) => [name, fields[name].value])));
  });
}

// What was sent, or needed no sending, is forgotten.
export function sent(place) { drop(place.dataset.draft); }

// The form of "This answered it" names the form that it withdraws.
export function withdrawal(form) {
  form.addEventListener("submit", () => {
    const { uid, stamp, search } = document.getElementById("writing").elements;
    Object.entries({ uid, stamp, search }).forEach(([name, field]) => { form.elements[name].value = field.value; });
  });
}
