// Asks after a pause, and forgets every answer but the last question's.
export default function latest(pause) {
  let timer;
  let running;

  function drop() {
    clearTimeout(timer);
    running?.abort();
  }

  function ask(url, options, use) {
    drop();
    timer = setTimeout(async () => {
      running = new AbortController();
      try {
        const answer = await fetch(url, { ...options, signal: running.signal });
        if (answer.ok) await use(answer);
      } catch (error) {
        if (error.name !== "AbortError") drop(); // The plain form still works.
      }
    }, pause);
  }

  return { ask, drop };
}
