/** The city's notice above the conversation, such as in a disaster. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { moment } from "./languages.js";
import { paragraphs, parsed, rich, worded } from "./text.js";

/**
 * @typedef {{id: string, level: "emergency" | "warning" | "info", lang: string, title: string, text: string,
 *   links: {url: string, label: string}[], until: string | null}} Notice
 */

/**
 * @param {HTMLElement} place
 * @param {Notice | null} notice
 * @param {import("./panel.js").Say} say
 * @param {string} lang
 * @param {(url: string) => string} address
 */
export function noted(place, notice, say, lang, address) {
  place.hidden = !notice;
  if (!notice) return fill(place);
  place.dataset.level = notice.level;
  place.lang = notice.lang;
  const until = notice.until ? h("p", { class: "until", lang }, ...worded(say("until", { when: moment(notice.until, lang) }))) : null;
  fill(
    place,
    h("h3", { id: "notice" }, icon(notice.level === "info" ? "info" : "warning"), h("span", {}, ...rich(parsed(notice.title)))),
    ...notice.text.split("\n").filter(Boolean).flatMap((line) => paragraphs(parsed(line))),
    notice.links.length
      ? h("ul", {}, notice.links.map(({ url, label }) => h("li", {}, h("a", { href: address(url), target: "_blank", rel: "noopener" }, ...worded(parsed(label))))))
      : null,
    until,
  );
}
