/** The form of "My page": shows what is kept in this browser, keeps it, deletes it. */

import { chosen, keep } from "./choices.js";
import { Denied, possible, subscribe, subscription, unsubscribe } from "./notices.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.my"));
const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
const notices = /** @type {HTMLInputElement} */ (form.elements.namedItem("notices"));
const none = /** @type {HTMLElement} */ (form.querySelector(".none"));

await show();
form.hidden = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const events = data.getAll("event").map(String);
  const lang = String(data.get("lang") ?? "");
  keep({ events, lang });
  tell(await noticed(events, lang || document.documentElement.lang));
});
form.addEventListener("reset", async (event) => {
  event.preventDefault();
  keep(null);
  try {
    await unsubscribe();
    tell("cleared");
  } catch {
    tell("noticesFailed");
  }
  await show();
});

/**
 * Bring the subscription in line with the form; say what came of it.
 * @param {string[]} kinds
 * @param {string} lang
 */
async function noticed(kinds, lang) {
  try {
    if (!notices.checked) {
      if (possible()) await unsubscribe();
      return "saved";
    }
    if (!kinds.length) return "noticesEvent";
    await subscribe(kinds, lang);
    return "noticesOn";
  } catch (error) {
    return error instanceof Denied ? "noticesDenied" : "noticesFailed";
  }
}

/** @param {string} key of one of the form's sentences */
function tell(key) {
  status.textContent = form.dataset[key] ?? "";
}

async function show() {
  const { events, lang } = chosen();
  for (const box of form.querySelectorAll("input")) box.checked = events.includes(box.value);
  const select = form.querySelector("select");
  if (select) select.value = lang;
  notices.disabled = !possible();
  none.hidden = possible();
  notices.checked = (await subscription().catch(() => null)) !== null;
}
