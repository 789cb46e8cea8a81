/** What is there before the first question: a greeting, and questions to begin with. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { rich, telephone, worded } from "./text.js";

/**
 * @typedef {{name: string, phone: string, hours: string}} Contact
 * @typedef {{city: string, invented: boolean, call_center: Contact | null, interpreter: Contact | null,
 *   offices: string[], first_questions: {event: string, questions: string[]}[]}} Welcome
 */

/**
 * @param {HTMLElement} place
 * @param {Welcome | null} welcome
 * @param {import("./panel.js").Say} say
 * @param {string} lang
 * @param {(question: string) => void} ask
 */
export function greet(place, welcome, say, lang, ask) {
  const events = (welcome?.first_questions ?? []).map(({ event, questions }) =>
    h(
      "details",
      { name: "events" },
      h("summary", {}, icon(event), h("span", {}, ...worded(say(`event.${event}`))), icon("chevron")),
      h("ul", { lang }, questions.map((words) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => ask(words) }, words)))),
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
 * Whom one may call and where one may go, below a hand-over.
 * @param {Welcome | null} welcome
 * @param {import("./panel.js").Say} say
 */
export function contacts(welcome, say) {
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
        ? h("div", { class: "row" }, h("dt", {}, icon("office"), h("span", {}, ...worded(say("offices")))), h("dd", {}, h("ul", {}, welcome.offices.map((office) => h("li", {}, ...rich({ text: office }))))))
        : null,
    ),
  );
}
