// Puts a part of a page that the server rendered into its place; main.js hears of it and binds what is new.
export default function swap(place, html) {
  place.innerHTML = html;
  place.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
}
