// Signpost's button for the company's own pages, and the dialog that it opens. web/widget/script.py serves this file and
// calls its function with what the help centre says of itself. It sets no cookie, keeps nothing, and of the page around
// reads the path, the language and the colours alone.
(function signpost(site) {
  "use strict";
  const script = document.currentScript;
  if (!script || window.Signpost) return;
  const options = script.dataset;
  const base = new URL(script.src).origin;
  const LOAD_MS = 10000; // For a slow network; a frame that the browser refuses is known much sooner, by LATE_MS.
  const LATE_MS = 1000;
  const WRITING = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const lang = language();
  const words = site.words[lang];
  const mayShow = location.origin === base || site.origins.includes(location.origin);
  let frame, isReady, isRefused, timer, wanted, returnTo;

  // The element stands beside <body>, where rules for what is in it don't reach, and its own rules are important ones of
  // a shadow tree, which win over important ones of the page.
  const place = make("signpost-help", {});
  const root = place.attachShadow({ mode: "open" });
  const button = make("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-label": words.open }, sign("M9.1 9a3 3 0 1 1 4.4 2.6c-1 .6-1.5 1.3-1.5 2.4", "M12 17.4v.1"));
  const holder = make("div", { class: "holder", popover: "manual", role: "region", "aria-label": words.name }, button);
  const shut = make("button", { type: "button", class: "shut", "aria-label": words.close }, sign("M6 6l12 12", "M18 6 6 18"));
  // Tab goes round: past the last thing in the frame to the close button, and back from that into the frame.
  const ends = [() => (frame ?? shut).focus(), () => shut.focus()].map(turn);
  const dialog = make("dialog", { "aria-label": words.name, "aria-modal": "true" }, ends[0], shut, ends[1]);
  const box = make("div", { lang: words.lang, dir: words.dir }, holder, dialog);

  function language() {
    const asked = (options.lang || document.documentElement.lang || "").toLowerCase();
    const find = (tag) => site.languages.find((one) => one.toLowerCase() === tag);
    return find(asked) ?? find(asked.split("-")[0]) ?? site.languages[0];
  }

  function make(name, attributes, ...children) {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.append(...children);
    return one;
  }

  function turn(act) {
    const end = make("span", { tabindex: "0" });
    end.addEventListener("focus", act);
    return end;
  }

  function sign(...paths) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const path of paths) svg.appendChild(document.createElementNS(space, "path")).setAttribute("d", path);
    return svg;
  }

  // Whatever is said or done anywhere else on the page stays as it was.
  function open(about) {
    wanted = { query: String(about?.query ?? "").slice(0, 500), article: String(about?.article ?? "").slice(0, 64) };
    if (!mayShow || isRefused) return leave();
    if (!dialog.open) {
      returnTo = focused();
      dialog.showModal();
      if (holder.showPopover && holder.matches(":popover-open")) holder.hidePopover();
    }
    look();
    if (!frame) begin();
    else if (isReady) ask();
  }

  function close() { if (dialog.open) dialog.close(); }

  function rise() { if (holder.isConnected) holder.showPopover?.(); }

  function closed() {
    rise();
    tell("close");
    (returnTo?.isConnected ? returnTo : button).focus({ preventScroll: true });
  }

  function focused() {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one && one !== document.body ? one : button;
  }

  function begin() {
    const about = new URLSearchParams({ path: path(), theme: theme(), host: location.origin });
    if (accent()) about.set("accent", accent().slice(1));
    frame = make("iframe", {
      title: words.name,
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
      allow: "clipboard-write",
      referrerpolicy: "no-referrer",
      src: `${base}/widget/${lang}/?${about}`,
    });
    frame.addEventListener("load", () => { if (!isReady) wait(LATE_MS); });
    ends[1].before(frame);
    wait(LOAD_MS);
  }

  function wait(most) {
    clearTimeout(timer);
    timer = setTimeout(refuse, most);
  }

  // The browser won't show the frame, or nothing answers: the help centre itself does, in a tab of its own.
  function refuse() {
    isRefused = true;
    frame.remove();
    frame = null;
    const link = make("a", { href: address(), target: "_blank", rel: "noopener", class: "leave" }, words.leave);
    link.addEventListener("click", close);
    ends[1].before(make("div", { class: "away" }, make("p", {}, words.away), link));
    if (window.open(address(), "_blank")) close();
    else link.focus();
  }

  function leave() { window.open(address(), "_blank", "noopener"); }

  function address() {
    if (wanted.article) return `${base}/a/${encodeURIComponent(wanted.article)}`;
    return wanted.query ? `${base}/${lang}/search?q=${encodeURIComponent(wanted.query)}` : `${base}/${lang}/`;
  }

  function tell(kind, about) {
    if (isReady) frame.contentWindow?.postMessage({ signpost: 1, kind, ...about }, base);
  }

  function ask() {
    frame.focus();
    tell("open", { ...wanted, path: path(), theme: theme() });
  }

  function hear({ origin, source, data }) {
    if (origin !== base || !frame || source !== frame.contentWindow || data?.signpost !== 1) return;
    if (data.kind === "close") close();
    if (data.kind === "resize" && Number.isFinite(data.height)) grow(data.height);
    if (data.kind !== "ready") return;
    clearTimeout(timer);
    isReady = true;
    if (dialog.open) ask();
  }

  // It only grows, so that nothing jumps while somebody reads; the stylesheet says how far.
  function grow(height) {
    const before = parseFloat(dialog.style.height) || 0;
    if (height > before) dialog.style.height = `${Math.min(height, 2000)}px`;
  }

  function path() { return options.path || location.pathname; }

  function accent() { return /^#[0-9a-f]{6}$/i.test(options.accent ?? "") ? options.accent.toLowerCase() : ""; }

  // What is painted behind the page says most; where nothing is, the scheme that it declares; else it is light.
  function theme() {
    if (options.theme === "light" || options.theme === "dark") return options.theme;
    for (const one of [document.body, document.documentElement]) {
      const lightness = one && brightness(getComputedStyle(one).backgroundColor);
      if (typeof lightness === "number") return lightness < 0.4 ? "dark" : "light";
    }
    const schemes = getComputedStyle(document.documentElement).colorScheme.split(" ");
    if (!schemes.includes("dark")) return "light";
    return schemes.includes("light") && !dark.matches ? "light" : "dark";
  }

  // From 0 to 1; null for what is more than half transparent, or written in a way not known here.
  function brightness(colour) {
    const [a, b, c, alpha = 1] = (colour.replace(/^color\(\S+/, "").match(/[\d.]+(?:e-?\d+)?%?/g) ?? []).map((one) => (one.endsWith("%") ? parseFloat(one) / 100 : Number(one)));
    if (c === undefined || alpha < 0.5) return null;
    if (/^ok/.test(colour)) return a;
    if (/^l(ab|ch)/.test(colour)) return a / 100;
    if (/^color\(/.test(colour)) return luminance([a, b, c]);
    return /^rgb/.test(colour) ? luminance([a / 255, b / 255, c / 255]) : null;
  }

  function luminance([red, green, blue]) { return 0.299 * red + 0.587 * green + 0.114 * blue; }

  function look() {
    box.className = `box ${theme()}`;
    if (dialog.open) tell("look", { theme: theme() });
  }

  function tones(index) {
    if (!accent()) return site.accent[index];
    const parts = [1, 3, 5].map((at) => parseInt(accent().slice(at, at + 2), 16) / 255);
    return [accent(), luminance(parts) > 0.55 ? "#10151c" : "#ffffff"];
  }

  function rules() {
    const mode = (index, name, rest) => `.${name}{--accent:${tones(index)[0]};--on:${tones(index)[1]};${rest}}`;
    const side = options.side === "left" ? "left" : "right";
    return `
      :host { all: initial !important; display: block !important; }
      .box { font: 15px/1.5 system-ui, sans-serif; }
      ${mode(0, "light", "--ground:#fff;--text:#161b22;--line:#dde2e9;color-scheme:light")}
      ${mode(1, "dark", "--ground:#12161b;--text:#e6eaef;--line:#2d343e;color-scheme:dark")}
      button { display: grid; place-items: center; margin: 0; padding: 0; border: 0; border-radius: 50%; cursor: pointer; }
      svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
      :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
      .holder { position: fixed; inset: auto; ${side}: 20px; bottom: max(20px, env(safe-area-inset-bottom)); z-index: 2147483647; margin: 0; padding: 4px; border: 0; background: none; overflow: visible; }
      .launcher { width: 56px; height: 56px; background: var(--accent); color: var(--on); box-shadow: 0 1px 2px rgb(22 27 34 / 20%), 0 6px 20px rgb(22 27 34 / 24%); }
      .launcher svg { width: 36px; height: 36px; }
      .launcher:hover { filter: brightness(1.08); }
      dialog { position: fixed; inset: auto; ${side}: 20px; bottom: 20px; box-sizing: border-box; width: 420px; height: 560px; min-height: 420px; max-width: calc(100vw - 40px); max-height: min(720px, calc(100dvh - 40px)); margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; background: var(--ground); color: var(--text); box-shadow: 0 2px 6px rgb(22 27 34 / 16%), 0 16px 48px rgb(22 27 34 / 28%); }
      dialog::backdrop { background: rgb(16 21 28 / 32%); }
      iframe { display: block; width: 100%; height: 100%; border: 0; }
      .shut { position: absolute; top: 6px; inset-inline-end: 8px; width: 44px; height: 44px; background: none; color: inherit; }
      .away { display: grid; align-content: center; justify-items: center; gap: 16px; height: 100%; padding: 24px; box-sizing: border-box; text-align: center; }
      .away p { margin: 0; }
      .leave { color: var(--accent); }
      @media (max-width: 480px), (max-height: 460px) {
        dialog { inset: 0; width: 100%; height: 100% !important; min-height: 0; max-width: none; max-height: none; border: 0; border-radius: 0; }
      }
      @media (prefers-reduced-motion: no-preference) {
        dialog[open] { animation: come 160ms ease-out; }
        @keyframes come { from { opacity: 0; transform: translateY(8px); } }
      }
      @media print { .holder, dialog { display: none; } }
    `;
  }

  // A sheet made by a script is no inline style, so a strict policy of the page allows it.
  function dress() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules());
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", {}, rules()));
    }
  }

  function press(event) {
    const path = event.composedPath();
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.defaultPrevented;
    if (!options.key || event.key !== options.key || !isPlain || path[0].closest?.(WRITING)) return;
    event.preventDefault();
    open();
  }

  function click(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const opener = event.composedPath().find((one) => one.dataset && "signpostOpen" in one.dataset);
    if (!opener) return;
    event.preventDefault();
    open({ article: opener.dataset.signpostOpen, query: opener.dataset.signpostQuery });
  }

  function start() {
    dress();
    look();
    root.append(box);
    if (options.button === "none") holder.remove();
    document.documentElement.append(place);
    rise();
    button.addEventListener("click", () => open());
    shut.addEventListener("click", close);
    dialog.addEventListener("close", closed);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
    document.addEventListener("click", click);
    document.addEventListener("keydown", press);
    dark.addEventListener("change", look);
    addEventListener("message", hear);
  }

  window.Signpost = Object.freeze({ open, close });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})
