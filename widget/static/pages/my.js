/** The form of "My page": shows what is kept in this browser, keeps it, deletes it. */

import { chosen, keep } from "./choices.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.my"));
const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));

show();
form.hidden = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData(form);
  keep({ events: data.getAll("event").map(String), lang: String(data.get("lang") ?? "") });
  status.textContent = form.dataset.saved ?? "";
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  keep(null);
  show();
  status.textContent = form.dataset.cleared ?? "";
});

function show() {
  const { events, lang } = chosen();
  for (const box of form.querySelectorAll("input")) box.checked = events.includes(box.value);
  const select = form.querySelector("select");
  if (select) select.value = lang;
}
