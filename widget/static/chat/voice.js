/** Reading aloud with a voice of the device; where it has none for a language, nothing is offered. */

import { locale } from "./languages.js";

/** @param {string} lang @returns {SpeechSynthesisVoice | null} */
export function voice(lang) {
  if (!("speechSynthesis" in window)) return null;
  const wanted = locale(lang).toLowerCase();
  const names = { "zh-hans": /^zh[-_](hans|cn)|^zh$/, "zh-hant": /^zh[-_](hant|tw|hk)/, tl: /^(tl|fil)/ };
  const fits = names[/** @type {keyof typeof names} */ (wanted)] ?? new RegExp(`^${wanted}\\b`);
  return speechSynthesis.getVoices().find((found) => fits.test(found.lang.toLowerCase())) ?? null;
}

/**
 * Read `words` aloud; calls `ended` when it is over or stopped.
 * @param {string} words
 * @param {string} lang
 * @param {() => void} ended
 */
export function speak(words, lang, ended) {
  quiet();
  const spoken = new SpeechSynthesisUtterance(words);
  spoken.voice = voice(lang);
  spoken.lang = locale(lang);
  spoken.addEventListener("end", ended);
  spoken.addEventListener("error", ended);
  speechSynthesis.speak(spoken);
}

export function quiet() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
