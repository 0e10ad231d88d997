// Gives each element the behaviours of these that its data-behaviour names, and what is swapped in later too.
export default function bind(behaviours) {
  const known = new Map(Object.entries(behaviours));

  function give(place) {
    for (const element of place.querySelectorAll("[data-behaviour]")) {
      for (const name of element.dataset.behaviour.split(" ")) known.get(name)?.(element);
    }
  }

  give(document);
  document.addEventListener("swapped", (event) => give(event.target));
}
