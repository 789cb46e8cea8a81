/** Takes the conversation's token from behind "#" into the form, and out of the address. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.handover"));
const field = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem("conversation"));

if (form && field) {
  take(form, field);
  addEventListener("hashchange", () => take(form, field));
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} field
 */
function take(form, field) {
  const token = location.hash.slice(1);
  if (!/^[\w-]{8,64}$/.test(token)) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = token;
  form.hidden = false;
  const none = document.querySelector("#no-conversation");
  if (none instanceof HTMLElement) none.hidden = true;
}
