/** The box where a question is written. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/** The most characters that the help desk reads of a question. */
const LIMIT = 1000;

export class Composer {
  #send;
  #stop;
  #busy = false;
  /** The code of the last key: 229 where a keyboard on the screen does not say which it was. */
  #code = 0;

  /** @param {{send: (question: string) => Promise<boolean> | boolean, stop: () => void}} actions */
  constructor({ send, stop }) {
    this.#send = send;
    this.#stop = stop;
    this.box = /** @type {HTMLTextAreaElement} */ (
      h("textarea", { id: "question", rows: 1, maxlength: LIMIT, enterkeyhint: "send", autocomplete: "off", "aria-describedby": "caution" })
    );
    this.button = h("button", { type: "submit", class: "send" });
    this.label = h("label", { class: "hidden", for: "question" });
    this.element = h("form", { class: "composer", novalidate: true }, this.label, this.box, this.button);
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("beforeinput", (event) => this.#line(event));
    this.box.addEventListener("input", () => this.grow());
  }

  /** @param {(key: string) => string} say */
  words(say) {
    this.label.textContent = say("question");
    this.box.placeholder = say("placeholder");
    this.#names = { send: say("send"), stop: say("stop") };
    this.busy(this.#busy);
    this.grow();
  }
  #names = { send: "", stop: "" };

  /** Show whether an answer is under way: the button sends, or stops. @param {boolean} busy */
  busy(busy) {
    this.#busy = busy;
    const name = busy ? this.#names.stop : this.#names.send;
    this.button.setAttribute("aria-label", name);
    this.button.title = name;
    fill(this.button, icon(busy ? "stop" : "send"));
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#busy) this.#stop();
    else this.#go();
  }

  /**
   * Enter sends, Shift+Enter begins a line, and Enter that confirms a conversion does neither:
   * it is composing, or 229 in Safari, which ends the conversion first.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    this.#code = event.keyCode;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!this.#busy) this.#go();
  }

  /** Android: every word is composed, and Enter may come as a nameless key that begins a line. @param {InputEvent} event */
  #line(event) {
    if (event.inputType !== "insertLineBreak" || event.isComposing || this.#code !== 229) return;
    event.preventDefault();
    if (!this.#busy) this.#go();
  }

  async #go() {
    const question = this.box.value.trim();
    if (!question) {
      this.box.focus();
      return;
    }
    this.box.value = "";
    this.grow();
    if (!(await this.#send(question))) this.box.value ||= question;
  }

  /** As high as what is written in it, or as its hint. */
  grow() {
    this.box.style.setProperty("block-size", "auto");
    this.box.style.setProperty("block-size", `${this.box.scrollHeight + 2}px`);
  }
}
