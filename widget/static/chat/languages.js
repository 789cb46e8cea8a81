/** The languages of the help desk, each by its own name. */

/** @type {[tag: string, name: string][]} */
export const LANGUAGES = [
  ["ja", "日本語"],
  ["ja-x-easy", "やさしい日本語"],
  ["en", "English"],
  ["zh-Hans", "简体中文"],
  ["zh-Hant", "繁體中文"],
  ["ko", "한국어"],
  ["vi", "Tiếng Việt"],
  ["pt", "Português"],
  ["es", "Español"],
  ["tl", "Tagalog"],
  ["ne", "नेपाली"],
  ["id", "Bahasa Indonesia"],
  ["th", "ไทย"],
];

const TRADITIONAL = /^zh-(hant|tw|hk|mo)/;

/**
 * The language to begin in: the one named, or the first of the reader's that we have.
 * @param {string | null} named a tag, or "auto"
 * @param {readonly string[]} wishes the reader's languages, best first
 * @returns {string}
 */
export function chosen(named, wishes) {
  for (const wish of named && named !== "auto" ? [named, ...wishes] : wishes) {
    const tag = supported(wish);
    if (tag) return tag;
  }
  return "ja";
}

/** @param {string} wish @returns {string | null} */
function supported(wish) {
  const lower = wish.toLowerCase();
  const same = LANGUAGES.find(([tag]) => tag.toLowerCase() === lower);
  if (same) return same[0];
  if (lower === "zh" || lower.startsWith("zh-")) return TRADITIONAL.test(lower) ? "zh-Hant" : "zh-Hans";
  const primary = lower.split("-")[0];
  if (primary === "fil") return "tl";
  return LANGUAGES.find(([tag]) => tag === primary)?.[0] ?? null;
}

/** The tag for `Intl` and for voices: やさしい日本語 is Japanese. @param {string} lang */
export function locale(lang) {
  return lang === "ja-x-easy" ? "ja" : lang;
}

/** A moment of the wire as it is written in `lang`, on Japan's clock. @param {string} iso @param {string} lang */
export function moment(iso, lang) {
  const how = /** @type {const} */ ({ dateStyle: "long", timeStyle: "short", timeZone: "Asia/Tokyo" });
  return new Intl.DateTimeFormat(`${locale(lang)}-u-ca-gregory-nu-latn`, how).format(new Date(iso));
}

/**
 * A date of the wire (2026-04-01) as it is written in `lang`, in the common calendar and digits.
 * @param {string} day
 * @param {string} lang
 */
export function written(day, lang) {
  const format = new Intl.DateTimeFormat(`${locale(lang)}-u-ca-gregory-nu-latn`, { dateStyle: "long", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}
