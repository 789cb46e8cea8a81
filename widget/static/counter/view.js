/** What all views of the tablet share: the words of both sides, pictures, and drawing anew. */

import { drawing, fill, h } from "../chat/dom.js";
import { locale } from "../chat/languages.js";
import { filled, plain } from "../chat/strings.js";
import { parsed, worded } from "../chat/text.js";

export { drawing, fill, h, locale, plain, worded };

export class Words {
  /** @param {any} desk what `/counter/desk.json` holds @param {string} staffLang */
  constructor(desk, staffLang) {
    this.desk = desk;
    this.staffLang = staffLang;
  }

  /** A text of the staff's side, by its dotted key. @param {string} key @param {Record<string, string | number>} [values] */
  staff(key, values = {}) {
    let entry = this.desk.staff_words[this.staffLang];
    for (const part of key.split(".")) entry = entry?.[part];
    return filled(String(entry ?? key), values);
  }

  /** A text of the resident's side, without its ruby. @param {string} lang @param {string} key @param {Record<string, string | number>} [values] */
  resident(lang, key, values = {}) {
    return plain(filled(this.desk.words[lang][key], values));
  }

  /** The same as nodes, with its ruby. @param {string} lang @param {string} key @param {Record<string, string | number>} [values] */
  shown(lang, key, values = {}) {
    return ruby(filled(this.desk.words[lang][key], values));
  }

  /** @param {string} name */
  icon(name) {
    return drawing(this.desk.icons[name] ?? EXTRA[/** @type {keyof typeof EXTRA} */ (name)] ?? "", "0 0 24 24", { class: "icon" });
  }
}

/** Pictures that only the tablet has. */
const EXTRA = {
  microphone: "M12 3a3 3 0 013 3v5a3 3 0 01-6 0V6a3 3 0 013-3zM5.5 11a6.5 6.5 0 0013 0M12 17.500V21",
  turn: "M8 19V5M4.500 8.500L8 5l3.500 3.500M16 5v14M12.500 15.500L16 19l3.500-3.500",
  larger: "M3 19L9 5l6 14M5.200 14h7.600M19 9v6M16 12h6",
  contrast: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 3v18M12 7h5.500M12 12h9M12 17h5.500",
  hand: "M8 13V6.500a1.500 1.500 0 013 0V11V5a1.500 1.500 0 013 0v6V6.500a1.500 1.500 0 013 0V15a5 5 0 01-5 5h-1a5 5 0 01-4-2l-3-4.500a1.500 1.500 0 012.500-1.500z",
  again: "M5 12a7 7 0 117 7M5 12l-2-3M5 12l3-2",
  slower: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l4 2",
  pen: "M4 20l1-4L16 5l3 3L8 19zM13.500 7.500l3 3",
  sound: "M4 9h4l5-4v14l-5-4H4zM16.500 8.500a5 5 0 010 7M19 6a9 9 0 010 12",
  yes: "M12 3a9 9 0 100 18 9 9 0 000-18zM7.500 12.500l3 3 6-7",
  no: "M12 3a9 9 0 100 18 9 9 0 000-18zM8.500 8.500l7 7M15.500 8.500l-7 7",
  close: "M6 6l12 12M18 6L6 18",
};

/** Nodes of words that may carry ruby markup. @param {string} markup */
export function ruby(markup) {
  return worded(parsed(markup));
}

/**
 * Draw a part anew without taking away what somebody is typing in it.
 * @param {HTMLElement} place
 * @param {...any} children
 */
export function redraw(place, ...children) {
  const kept = document.activeElement;
  const typing = kept instanceof HTMLElement && kept.id && place.contains(kept) ? kept : null;
  const texts = new Map();
  for (const box of place.querySelectorAll("input[id], textarea[id]")) {
    if (box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement) texts.set(box.id, box.value);
  }
  const top = place.scrollTop;
  fill(place, ...children);
  for (const box of place.querySelectorAll("input[id], textarea[id]")) {
    if ((box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement) && box.type !== "checkbox" && !box.dataset.fresh) {
      box.value = texts.get(box.id) ?? box.value;
    }
  }
  place.scrollTop = top;
  if (typing) document.getElementById(typing.id)?.focus({ preventScroll: true });
}

/** Whether a key press is the one that sends: not while an input method composes. @param {KeyboardEvent} event */
export function sends(event) {
  return event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && !event.shiftKey;
}

/**
 * A button with a picture and a word.
 * @param {Words} words @param {string} icon @param {any} label @param {() => void} act @param {Record<string, any>} [more]
 */
export function button(words, icon, label, act, more = {}) {
  return h("button", { type: "button", onclick: act, ...more }, icon && words.icon(icon), h("span", {}, label));
}
