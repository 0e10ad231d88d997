// Prints the article.
export default function print(button) {
  button.addEventListener("click", () => globalThis.print());
}
