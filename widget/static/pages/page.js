/** What makes every page better: a conversion's Enter never sends a form, an open picker closes. */

// Safari ends the composition before the keydown of the Enter that confirmed it; 229 still tells.
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229) && event.target instanceof HTMLInputElement) {
    event.preventDefault();
  }
  if (event.key === "Escape") closePickers(null, true);
});
addEventListener("click", (event) => closePickers(/** @type {Node} */ (event.target), false));

/**
 * @param {Node | null} inside  where the click was: a picker around it stays open
 * @param {boolean} focus  give the focus back to the picker's button
 */
function closePickers(inside, focus) {
  for (const picker of document.querySelectorAll("details.picker[open]")) {
    if (inside && picker.contains(inside)) continue;
    picker.removeAttribute("open");
    if (focus) picker.querySelector("summary")?.focus();
  }
}
