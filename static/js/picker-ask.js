// What the picker asks of the server: what fits, and a link of what was picked.
const PLACE = "/desk/picker";
export const HEADERS = { headers: { "X-Fragment": "picker" } };

export function address(area, words) {
  const { conversation = "", lang = "" } = area.dataset;
  return `${PLACE}/suggestions?${new URLSearchParams({ conversation, lang, q: words })}`;
}

// closed: there where the customer may not read the article, and it was asked whether it is meant all the same.
export function link(area, { article, anchor, closed }, isQuoted) {
  const { conversation = "", lang = "" } = area.dataset;
  const sure = closed === undefined ? "" : "1";
  return make(`${PLACE}/links`, { article, anchor, conversation, lang, quoted: isQuoted ? "1" : "", sure });
}

export async function make(url, fields) {
  const headers = { Accept: "application/json", "X-CSRF": document.querySelector("input[name=csrf]").value };
  return JSON.parse(await text(await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers })));
}

// A session that ended leads to the sign-in, which is no answer.
export async function text(answer) {
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}
