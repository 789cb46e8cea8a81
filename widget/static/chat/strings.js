/** The words of the interface, one file for each language, fetched when it is chosen. */

/** @typedef {Record<string, string>} Strings */

/** @type {Map<string, Promise<Strings>>} */
const loaded = new Map();

/** @param {string} lang @returns {Promise<Strings>} */
export function strings(lang) {
  let words = loaded.get(lang);
  if (!words) {
    words = load(lang);
    words.catch(() => loaded.delete(lang));
    loaded.set(lang, words);
  }
  return words;
}

/** @param {string} lang @returns {Promise<Strings>} */
async function load(lang) {
  const reply = await fetch(new URL(`../strings/${lang}.json`, import.meta.url), { credentials: "omit" });
  if (!reply.ok) throw new TypeError(`no strings for ${lang}`);
  return reply.json();
}

/**
 * Fill `{name}` in; ruby annotations, which hold a bar, are left alone.
 * @param {string} words
 * @param {Record<string, string | number>} values
 */
export function filled(words, values) {
  return words.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Without its ruby, for attributes and announcements. @param {string} words */
export function plain(words) {
  return words.replaceAll(/\{([^{}|\n]+)\|[^{}|\n]+\}/gu, "$1");
}
