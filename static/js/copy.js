// A button on a block of code that copies it.
const BACK_AFTER_MS = 2000;

export default function copy(box) {
  if (!navigator.clipboard) return; // Browsers give it to secure pages alone.
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-button";
  button.textContent = "Copy";
  button.addEventListener("click", () => put(box.querySelector("pre"), button));
  box.append(button);
}

async function put(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => { button.textContent = "Copy"; }, BACK_AFTER_MS);
}
