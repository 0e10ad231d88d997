// Turns a day into "3 days ago", in the language that the page's own words are in; the exact local moment is on hover.
const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const ours = document.body.dataset.ui;

export default function when(time) {
  const moment = new Date(time.dateTime);
  const seconds = (moment - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ["minute", 60];
  const relative = new Intl.RelativeTimeFormat(ours, { numeric: "auto" });
  time.textContent = relative.format(Math.trunc(seconds / size), unit);
  time.title = moment.toLocaleString(ours, { dateStyle: "full", timeStyle: "short" });
}
