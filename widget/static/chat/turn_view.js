/** One question and its answer on the page, kept in step with the conversation. */

import { rendered } from "./blocks.js";
import { fill, h } from "./dom.js";
import { feedback } from "./feedback.js";
import { icon } from "./icons.js";
import { written } from "./languages.js";
import { worded } from "./text.js";
import { quiet, speak, voice } from "./voice.js";

/**
 * @typedef {import("./conversation.js").Turn} Turn
 * @typedef {import("./blocks.js").Around & {
 *   ask: (question: string) => void,
 *   retry: (turn: Turn) => void,
 *   rate: (turn: string, rating: "good" | "bad", reason: string) => Promise<void>,
 *   copy: (words: string) => Promise<void>,
 *   print: (view: HTMLElement) => void,
 *   code: (url: string) => void,
 *   announce: (words: string) => void,
 *   address: (url: string) => string,
 *   lang: () => string,
 * }} Desk
 */

export class TurnView {
  #shown = 0;
  #desk;
  #turn;

  /** @param {Turn} turn @param {Desk} desk */
  constructor(turn, desk) {
    this.#turn = turn;
    this.#desk = desk;
    this.body = h("div", { class: "answer" });
    this.state = h("div", { class: "state" });
    this.foot = h("div", { class: "foot" });
    this.element = h(
      "article",
      { class: "turn" },
      h("div", { class: "asked", lang: turn.lang }, this.#name("you"), h("p", {}, turn.question)),
      h("div", { class: "answered" }, this.#name("answer"), this.body, this.state, this.foot),
    );
    this.update();
  }

  /** Draw what is new; blocks that stand are never drawn again. */
  update() {
    const turn = this.#turn;
    if (turn.blocks.length < this.#shown) {
      fill(this.body);
      this.#shown = 0;
    }
    const status = turn.answer?.status ?? "";
    if (turn.state === "done" && ["emergency", "handoff", "abstained"].includes(status)) {
      // How these are drawn depends on the status, which is known for certain at the end.
      fill(this.body);
      this.#shown = 0;
    }
    for (const block of turn.blocks.slice(this.#shown)) {
      const drawn = rendered(block, status, this.#desk);
      if (drawn) this.body.append(drawn);
    }
    this.#shown = turn.blocks.length;
    fill(this.state, this.#stateWords());
    // A reason that is just being written is not taken away by a change of language.
    if (!this.foot.querySelector("form")) fill(this.foot, turn.state === "done" ? this.#footer() : null);
    this.element.dataset.state = turn.state;
  }

  /** What is read out once, when the answer is complete. */
  announcement() {
    const first = this.#turn.blocks.find((block) => block.type !== "notice");
    if (!first) return "";
    const lines = [...(first.lines ?? []), ...(first.items ?? []).map((/** @type {any} */ item) => ({ text: item.label ?? "" }))];
    return [first.body?.text ?? "", ...(first.type === "facts" ? [] : lines.map((line) => line.text))].join(" ");
  }

  /** @param {string} key */
  #name(key) {
    return h("h3", { class: "hidden" }, this.#desk.say(key).text);
  }

  #stateWords() {
    const { say, retry } = this.#desk;
    const turn = this.#turn;
    const again = () => button("retry", "retry", say, () => retry(turn));
    switch (turn.state) {
      case "waiting":
      case "streaming":
        return h("p", { class: "working" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, ...worded(say("working"))));
      case "offline":
      case "retrying":
        return h("p", { class: "trouble" }, icon("warning"), h("span", {}, turn.message || null, ...(turn.message ? [] : worded(say(turn.state)))));
      case "failed":
        return h("div", { class: "trouble" }, icon("warning"), h("div", {}, h("p", {}, ...(turn.message ? [turn.message] : worded(say("failed")))), again()));
      case "stopped":
        return h("div", { class: "trouble" }, icon("info"), h("div", {}, h("p", {}, ...worded(say("stopped"))), again()));
      default:
        return null;
    }
  }

  #footer() {
    const answer = /** @type {NonNullable<Turn["answer"]>} */ (this.#turn.answer);
    const suggestions = answer.suggestions ?? [];
    return [
      ...(answer.sources ?? []).map((source) => this.#source(source)),
      this.#actions(answer),
      suggestions.length
        ? h(
            "div",
            { class: "next" },
            h("h4", {}, ...worded(this.#desk.say("next"))),
            h("ul", { lang: answer.lang }, suggestions.map((words) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => this.#desk.ask(words) }, words)))),
          )
        : null,
    ];
  }

  /** @param {import("./transport.js").Source} source */
  #source(source) {
    const { say, address } = this.#desk;
    const lang = this.#desk.lang();
    const where = [source.section, source.page ? `p. ${source.page}` : ""].filter(Boolean).join(", ");
    const dates = { version: source.version, effective: written(source.effective_from, lang), checked: written(source.checked_on, lang) };
    return h(
      "div",
      { class: "source" },
      icon("source"),
      h(
        "div",
        {},
        h("span", { class: "kind" }, ...worded(say("source"))),
        h("a", { href: address(source.url), target: "_blank", rel: "noopener", lang: source.lang }, source.title, h("span", { class: "hidden", lang }, ` (${say("new_tab").text})`)),
        where ? h("span", { lang: source.lang }, where) : null,
        h("span", {}, ...worded(say("source_line", dates))),
      ),
    );
  }

  /** @param {NonNullable<Turn["answer"]>} answer */
  #actions(answer) {
    const { say, copy, print, code, rate, announce } = this.#desk;
    const source = answer.sources?.[0];
    const copied = button("copy", "copy", say, async () => {
      await copy(answer.answer);
      fill(copied, icon("check"), h("span", {}, ...worded(say("copied"))));
      announce(say("copied").text);
    });
    const row = [copied];
    if (voice(answer.lang)) row.push(this.#listening(answer));
    row.push(button("print", "print", say, () => print(this.element)));
    if (source?.url.startsWith("/")) row.push(button("phone", "phone", say, () => code(source.url)));
    return h("div", { class: "after" }, h("div", { class: "actions" }, row), answer.turn ? feedback(answer.turn, { say, rate, announce }) : null);
  }

  /** @param {NonNullable<Turn["answer"]>} answer */
  #listening(answer) {
    const { say } = this.#desk;
    let speaking = false;
    const show = (/** @type {boolean} */ on) => {
      speaking = on;
      fill(listen, icon(on ? "stop" : "listen"), h("span", {}, ...worded(say(on ? "quiet" : "listen"))));
    };
    const listen = button("listen", "listen", say, () => {
      if (speaking) quiet();
      else speak(answer.answer, answer.lang, () => show(false));
      show(!speaking);
    });
    return listen;
  }
}

/**
 * @param {string} key of the words
 * @param {string} picture
 * @param {Desk["say"]} say
 * @param {() => void} pressed
 */
export function button(key, picture, say, pressed) {
  return h("button", { type: "button", class: "action", "data-action": key, onclick: pressed }, icon(picture), h("span", {}, ...worded(say(key))));
}
