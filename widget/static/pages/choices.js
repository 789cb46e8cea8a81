/** What a resident chose on "My page": kept in this browser only, never sent. */

const KEY = "madoguchi.my";

/**
 * @typedef {object} Choices
 * @property {string[]} events  life events, as in the addresses of their pages
 * @property {string} lang  tag of a language, or empty
 */

/** @returns {Choices} */
export function chosen() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const events = Array.isArray(kept.events) ? kept.events.filter((/** @type {unknown} */ event) => typeof event === "string") : [];
    return { events, lang: typeof kept.lang === "string" ? kept.lang : "" };
  } catch {
    return { events: [], lang: "" };
  }
}

/** @param {Choices | null} choices  null: forget them */
export function keep(choices) {
  if (choices) localStorage.setItem(KEY, JSON.stringify(choices));
  else localStorage.removeItem(KEY);
}
