/** The blocks of an answer as nodes: one function for each type on the wire. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { halved, paragraphs, rich, telephone, worded } from "./text.js";

/**
 * @typedef {import("./transport.js").Block} Block
 * @typedef {import("./text.js").Text} Text
 * @typedef {{say: (key: string, values?: Record<string, string | number>) => Text,
 *   choose: (item: {label: string, question: string, slug?: string}) => void,
 *   describe: () => void,
 *   contact: (kind: "emergency" | "handoff") => Node | null}} Around
 */

/**
 * @param {Block} block
 * @param {string} status of the answer
 * @param {Around} around
 * @returns {HTMLElement | null}
 */
export function rendered(block, status, around) {
  const render = RENDERERS[block.type];
  if (!render) return null;
  const element = render(block, around, status);
  element.lang = block.lang;
  return element;
}

/** @type {Record<string, (block: Block, around: Around, status: string) => HTMLElement>} */
const RENDERERS = { short, facts, steps, notes, passage, notice, choices, reply };

/** Letters from which a short answer is told with its first sentence large and the rest below. */
const LONG = 90;

/** @param {Block} block */
function short(block) {
  const long = block.body.text.length > LONG;
  const [first, rest] = long ? halved(block.body) : [block.body, null];
  return h(
    "div",
    { class: "short" },
    h("p", { class: long ? "lead long" : "lead" }, ...rich(first)),
    rest ? h("p", { class: "rest" }, ...rich(rest)) : null,
    block.fact === "steps" ? h("div", { class: "steps" }, numbered(block.lines)) : list(block.lines),
  );
}

/** @param {Block} block */
function facts(block) {
  const rows = block.items.map((/** @type {any} */ item) =>
    h(
      "div",
      { class: "row" },
      h("dt", {}, icon(item.name), h("span", {}, ...label(item))),
      h("dd", {}, item.body ? h("p", {}, ...rich(item.body)) : null, list(item.lines)),
    ),
  );
  return h("div", { class: "card" }, h("h4", {}, ...rich(block.title)), h("dl", {}, rows));
}

/** @param {Block} block */
function steps(block) {
  return h("div", { class: "steps" }, h("h4", {}, icon("steps"), h("span", {}, ...label(block))), numbered(block.lines));
}

/** @param {Block} block */
function notes(block) {
  return h("div", { class: "notes" }, h("h4", {}, icon("warning"), h("span", {}, ...label(block))), list(block.lines));
}

/** @param {Block} block */
function passage(block) {
  const heading = block.heading.text ? h("h4", {}, ...rich(block.heading)) : null;
  return h("div", { class: "passage" }, heading, ...paragraphs(block.body));
}

/** @param {Block} block */
function notice(block) {
  return h("div", { class: "notice" }, icon("info"), h("div", {}, ...paragraphs(block.body)));
}

/** @param {Block} block @param {Around} around */
function choices(block, around) {
  const items = block.items.map((/** @type {any} */ item) =>
    h("li", {}, h("button", { type: "button", class: "chip", onclick: () => around.choose(item) }, item.label)),
  );
  const none = h("button", { type: "button", class: "chip plain", onclick: around.describe }, ...worded(around.say("none")));
  return h("div", { class: "choices" }, h("p", { class: "lead long" }, ...rich(block.body)), h("ul", {}, items, h("li", {}, none)));
}

/** @param {Block} block @param {Around} around @param {string} status */
function reply(block, around, status) {
  const urgent = status === "emergency";
  const person = status === "handoff" || status === "abstained";
  const phones = /** @type {string[]} */ (block.phones ?? []);
  const buttons = phones.map((number) =>
    h("li", {}, h("a", { class: "call", href: telephone(number) }, icon("call"), h("span", {}, ...worded(around.say("call", { phone: number }))))),
  );
  return h(
    "div",
    { class: `reply ${urgent ? "emergency" : person ? "handoff" : ""}` },
    urgent ? h("h4", {}, icon("warning"), ...worded(around.say("emergency"))) : null,
    ...paragraphs(block.body, phones),
    buttons.length ? h("ul", { class: "calls" }, buttons) : null,
    status === "handoff" ? around.contact("handoff") : null,
  );
}

/** @param {any} part of an answer that has a label */
function label({ label, label_ruby }) {
  return worded({ text: label, ruby: label_ruby });
}

/** @param {Text[]} lines */
function numbered(lines) {
  return h("ol", {}, lines.map((line) => h("li", {}, h("span", {}, ...rich(line)))));
}

/** @param {Text[] | undefined} lines */
function list(lines) {
  return lines?.length ? h("ul", {}, lines.map((line) => h("li", {}, ...rich(line)))) : null;
}
