/** Texts of the wire as nodes: ruby, telephone numbers and addresses as links, figures kept whole. */

import { h } from "./dom.js";

/** @typedef {{text: string, ruby?: [string, string | null][] | null}} Text */

const MARKS = new RegExp(
  [
    /(?<url>https?:\/\/[^\s（）()「」『』、。，<>"']+)/,
    /(?<![\d#-])(?<phone>#\d{4}|0\d{1,4}-\d{1,4}-\d{3,4}|0\d{3}-\d{6})(?!\d)/,
    /(?<figure>\d[\d,.:-]*\d|\d)(?<unit>\s?(?:年度|か月|ヶ月|週間|時間|日間|営業日|[年月日円時分歳人枚階版回号％%]))?/,
  ].map((part) => part.source).join("|"),
  "gu",
);

/** Names in one word that are never broken across lines. */
let names = /(?!)/u;

/** @param {string[]} words */
export function keepWhole(words) {
  const kept = words.filter((word) => /^[\p{L}\p{N}]+$/u.test(word));
  names = kept.length ? new RegExp(`(${kept.join("|")})`, "u") : /(?!)/u;
}

/**
 * The nodes of a text; ruby is shown or hidden by the style sheet.
 * @param {Text} text
 * @param {string[]} [phones] further numbers to link, such as 119
 * @returns {(Node | string)[]}
 */
export function rich(text, phones = []) {
  if (!text.ruby) return linked(text.text, phones);
  return text.ruby.flatMap(([base, reading]) =>
    reading ? [ruby(base, reading)] : linked(base, phones),
  );
}

/**
 * The nodes of words of our own, which link to nothing.
 * @param {Text} text
 * @returns {(Node | string)[]}
 */
export function worded(text) {
  return (text.ruby ?? [[text.text, null]]).map(([base, reading]) => (reading ? ruby(base, reading) : (base ?? "")));
}

/**
 * The first sentence of a text, and the rest; all of it where its sentences cannot be told apart.
 * @param {Text} text
 * @returns {[Text, Text | null]}
 */
export function halved(text) {
  /** @type {[string, string | null][]} */
  const runs = text.ruby ?? [[text.text, null]];
  for (const [n, [base, reading]] of runs.entries()) {
    const end = reading ? null : /[。！？]|[.!?।](?=\s)/u.exec(base);
    if (!end) continue;
    const cut = end.index + 1;
    const parts = [[...runs.slice(0, n), [base.slice(0, cut), null]], [[base.slice(cut), null], ...runs.slice(n + 1)]];
    const [first, rest] = parts.map((part) => /** @type {Text} */ ({ text: part.map(([base]) => base).join("").trim(), ruby: part }));
    return [first, rest.text ? rest : null];
  }
  return [text, null];
}

/**
 * The paragraphs of a text, one for each of its lines; lines that begin with "- " are a list.
 * @param {Text} text
 * @param {string[]} [phones]
 * @returns {HTMLElement[]}
 */
export function paragraphs(text, phones = []) {
  /** @type {HTMLElement[]} */
  const made = [];
  for (const line of lines(text)) {
    const item = /^\s*- /.exec(line.text)?.[0].length;
    if (!item) made.push(h("p", {}, ...rich(line, phones)));
    else {
      if (made.at(-1)?.tagName !== "UL") made.push(h("ul"));
      made.at(-1)?.append(h("li", {}, ...rich(shortened(line, item), phones)));
    }
  }
  return made;
}

/** The lines of a text that hold anything. @param {Text} text @returns {Text[]} */
function lines({ text, ruby }) {
  /** @type {[string, string | null][][]} */
  const found = [[]];
  for (const [base, reading] of ruby ?? [[text, null]]) {
    const [first, ...more] = base.split("\n");
    found.at(-1)?.push([first, reading]);
    for (const part of more) found.push([[part, null]]);
  }
  return found.map((runs) => ({ text: runs.map(([base]) => base).join(""), ruby: runs })).filter((line) => line.text.trim());
}

/** A text without its first characters, which have no reading. @param {Text} text @param {number} count @returns {Text} */
function shortened({ text, ruby }, count) {
  const [[base], ...rest] = ruby ?? [[text, null]];
  return { text: text.slice(count), ruby: [[base.slice(count), null], ...rest] };
}

/**
 * A text written as `{漢字|かんじ}`, as the strings of the interface are.
 * @param {string} markup
 * @returns {Text}
 */
export function parsed(markup) {
  if (!markup.includes("{")) return { text: markup };
  /** @type {[string, string | null][]} */
  const ruby = [];
  let start = 0;
  for (const match of markup.matchAll(/\{([^{}|\n]+)\|([^{}|\n]+)\}/gu)) {
    if (match.index > start) ruby.push([markup.slice(start, match.index), null]);
    ruby.push([match[1], match[2]]);
    start = match.index + match[0].length;
  }
  if (start < markup.length) ruby.push([markup.slice(start), null]);
  return { text: ruby.map(([base]) => base).join(""), ruby };
}

/** @param {string} base @param {string} reading */
function ruby(base, reading) {
  return h("ruby", {}, base, h("rp", {}, "("), h("rt", {}, reading), h("rp", {}, ")"));
}

/** @param {string} number */
export function telephone(number) {
  return `tel:${number.replaceAll("-", "").replace("#", "%23")}`;
}

/**
 * @param {string} words
 * @param {string[]} phones
 * @returns {(Node | string)[]}
 */
function linked(words, phones) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let start = 0;
  for (const match of words.matchAll(MARKS)) {
    const { url, phone, figure } = match.groups ?? {};
    const number = phone ?? (phones.includes(figure) ? figure : null);
    let length = match[0].length;
    let node;
    if (url) {
      node = h("a", { href: url, target: "_blank", rel: "noopener" }, url);
    } else if (number) {
      node = h("a", { class: "tel", href: telephone(number) }, number);
      length = number.length;
    } else {
      node = h("span", { class: "figure" }, match[0]);
    }
    nodes.push(words.slice(start, match.index), node);
    start = match.index + length;
  }
  nodes.push(words.slice(start));
  return nodes.flatMap((node) => (typeof node === "string" ? named(node) : [node]));
}

/** @param {string} words @returns {(Node | string)[]} */
function named(words) {
  const parts = words.split(names).map((part, n) => (n % 2 ? h("span", { class: "figure" }, part) : part));
  return parts.filter((part) => part !== "");
}
