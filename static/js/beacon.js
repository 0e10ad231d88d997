// Tells the portal what happened here, where the company records visits and the browser doesn't ask not to be followed.
const { events } = document.body.dataset;

export const isTold = Boolean(events) && navigator.doNotTrack !== "1" && !navigator.globalPrivacyControl;

export default function tell(kind, about) {
  if (!isTold) return;
  const told = JSON.stringify({ kind, lang: document.documentElement.lang, ...about });
  navigator.sendBeacon(events, new Blob([told], { type: "application/json" }));
}
