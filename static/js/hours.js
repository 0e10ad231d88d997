// Says whether somebody is there now, by the company's clock. Pages are kept and are the same for everybody, so that only the
// browser knows what time it is; without this the hours stand there alone.
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function there(timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date());
  const { weekday, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: DAYS.indexOf(weekday), minutes: 60 * Number(hour) + Number(minute) };
}

export default function hours(place) {
  const openings = place.dataset.opening.split(" ").map((one) => one.split("-").map(Number));

  function show() {
    const { day, minutes } = there(place.dataset.zone);
    const isOpen = openings.some(([on, begin, end]) => on === day && begin <= minutes && minutes < end);
    place.classList.toggle("is-open", isOpen);
    place.textContent = isOpen ? place.dataset.open : place.dataset.closed;
  }

  try {
    show();
    setInterval(show, 60000);
  } catch {
    // A browser that doesn't know this time zone says nothing.
  }
}
