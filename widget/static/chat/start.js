/** What is there before the first question: a greeting, and questions to begin with. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { officeRow } from "./office.js";
import { rich, telephone, worded } from "./text.js";

/**
 * @typedef {{name: string, phone: string, hours: string}} Contact
 * @typedef {{city: string, invented: boolean, call_center: Contact | null, interpreter: Contact | null,
 *   offices: import("./office.js").Office[], office_hours: string,
 *   first_questions: {event: string, questions: {text: string, lang: string, slug: string}[]}[]}} Welcome
 */

/**
 * @param {HTMLElement} place
 * @param {Welcome | null} welcome
 * @param {import("./panel.js").Say} say
 * @param {string} lang
 * @param {(question: string, topic?: string) => void} ask
 */
export function greet(place, welcome, say, lang, ask) {
  const events = (welcome?.first_questions ?? []).map(({ event, questions }) =>
    h(
      "details",
      { name: "events" },
      h("summary", {}, icon(event), h("span", {}, ...worded(say(`event.${event}`))), icon("chevron")),
      h("ul", {}, questions.map((question) => h("li", {}, beginning(question, say, lang, ask)))),
    ),
  );
  fill(
    place,
    welcome ? h("p", { class: "greeting" }, ...worded(say("greeting", { city: welcome.city }))) : null,
    events.length ? h("h3", {}, ...worded(say("topics"))) : null,
    h("div", { class: "events" }, events),
  );
}

/**
 * One question to begin with; where the article lacks the language, the Japanese title with a word about it.
 * @param {{text: string, lang: string, slug: string}} question
 * @param {import("./panel.js").Say} say
 * @param {string} lang
 * @param {(question: string, topic?: string) => void} ask
 */
function beginning({ text, lang: written, slug }, say, lang, ask) {
  if (written === lang) return h("button", { type: "button", class: "chip", lang, onclick: () => ask(text) }, text);
  return h(
    "button",
    { type: "button", class: "chip", onclick: () => ask(text, slug) },
    h("span", { lang: written }, text),
    h("span", { class: "aside", lang }, " (", ...worded(say("in_japanese")), ")"),
  );
}

/**
 * Whom one may call and where one may go, below a hand-over.
 * @param {Welcome | null} welcome
 * @param {import("./panel.js").Say} say
 * @param {string} handover  the page on which the conversation is handed to the counter
 */
export function contacts(welcome, say, handover) {
  if (!welcome) return null;
  const rows = [welcome.call_center, welcome.interpreter].filter((found) => found !== null);
  return h(
    "div",
    { class: "contacts" },
    h(
      "dl",
      {},
      rows.map(({ name, phone, hours }) =>
        h("div", { class: "row" }, h("dt", {}, icon("call"), h("span", {}, ...rich({ text: name }))), h("dd", {}, h("a", { class: "tel", href: telephone(phone) }, phone), hours ? h("p", {}, icon("hours"), ...rich({ text: hours })) : null)),
      ),
      welcome.offices.length
        ? officeRow(welcome.offices, welcome.office_hours, say)
        : null,
    ),
    h("a", { class: "call", href: handover, target: "_blank", rel: "noopener" }, icon("person"), h("span", {}, ...worded(say("to_counter")))),
  );
}
