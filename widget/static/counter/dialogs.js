/** The two questions that lie over everything: end it? and, are you still there? */

import { button, h } from "./view.js";

/** @typedef {import("./view.js").Words} Words */

const OUTCOMES = ["done", "form_printed", "sent_on", "interpreter", "given_up"];

/** Ask whether to end, and how it ended. @param {Words} words @param {string} likely @param {(outcome: string) => void} ended */
export function askEnd(words, likely, ended) {
  const outcome = /** @type {HTMLSelectElement} */ (h("select", { id: "outcome" }, OUTCOMES.map((one) => h("option", { value: one, selected: one === likely }, words.staff(`end.outcomes.${one}`)))));
  const box = dialog(words.staff("end.title"), words.staffLang, [
    h("p", {}, words.staff("end.text")),
    h("div", { class: "field" }, h("label", { for: "outcome" }, words.staff("end.outcome")), outcome),
    h("div", { class: "row" }, button(words, "close", words.staff("end.yes"), () => (box.close(), ended(outcome.value)), { class: "strong" }), button(words, "", words.staff("end.no"), () => box.close())),
  ]);
}

/**
 * Warn both sides that everything is about to be wiped; returns how to tell the seconds left.
 * @param {Words} words @param {string} lang @param {() => void} goOn
 */
export function warnIdle(words, lang, goOn) {
  const staff = h("p", {});
  const own = h("p", { lang });
  const box = dialog(words.staff("idle.title"), words.staffLang, [
    staff,
    lang !== words.staffLang && own,
    button(words, "check", [words.staff("idle.go_on"), lang !== words.staffLang && h("span", { lang }, ` ${words.resident(lang, "go_on")}`)].filter(Boolean), () => box.close(), { class: "strong" }),
  ]);
  box.addEventListener("close", goOn);
  return {
    tell: (/** @type {number} */ seconds) => {
      staff.textContent = words.staff("idle.text", { seconds });
      own.textContent = words.resident(lang, "idle", { seconds });
    },
    close: () => {
      box.removeEventListener("close", goOn);
      box.close();
    },
  };
}

/** @param {string} title @param {string} lang @param {any[]} content */
function dialog(title, lang, content) {
  const box = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "dialog-title", lang }, h("h2", { id: "dialog-title" }, title), content));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}
