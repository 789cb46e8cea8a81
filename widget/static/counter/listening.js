/** The microphone of the staff's half: who speaks, push-to-talk, the level, and what is heard. */

import { Microphone } from "../speech/microphone.js";
import { button, h } from "./view.js";

export class Listening {
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {"resident" | "staff"} */
  #side = "resident";
  #hold = false;
  #lost = false;
  #question = "";

  /**
   * @param {import("./view.js").Words} words
   * @param {import("./counter.js").Counter} counter
   * @param {() => Promise<string>} visitor
   * @param {object} acts
   * @param {(text: string) => void} acts.caption what is heard so far
   * @param {(side: "resident" | "staff", text: string, kana: string) => void} acts.heard
   * @param {(words: string) => void} acts.problem
   */
  constructor(words, counter, visitor, acts) {
    this.words = words;
    this.counter = counter;
    this.visitor = visitor;
    this.acts = acts;
    this.level = /** @type {HTMLMeterElement} */ (h("meter", { min: "0", max: "1", high: "0.6", value: "0", "aria-label": words.staff("voice.level") }));
    this.main = /** @type {HTMLButtonElement} */ (button(words, "microphone", words.staff("voice.listen"), () => this.#toggle("resident"), { class: "microphone strong", "aria-pressed": "false" }));
    this.second = /** @type {HTMLButtonElement} */ (button(words, "microphone", words.staff("voice.listen_staff"), () => this.#toggle("staff"), { class: "microphone", "aria-pressed": "false" }));
    this.tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: "hold", onchange: () => this.#held() }));
    this.root = h("div", { class: "listening" }, this.main, this.second, this.level, h("label", { class: "tick", for: "hold" }, this.tick, h("span", {}, words.staff("voice.hold"))));
    this.#pushToTalk(this.main, "resident");
    this.#pushToTalk(this.second, "staff");
  }

  /** The tablet speaks, and does not hear itself. @param {string | null} text */
  playing(text) {
    this.#microphone?.playing(text);
  }

  /** What the resident is asked now, in their language: its answer is heard better. @param {string} question */
  asked(question) {
    if (question === this.#question) return;
    this.#question = question;
    if (this.#side === "resident") this.#microphone?.question(question);
  }

  stop() {
    void this.#microphone?.stop();
    this.#microphone = null;
    this.#show("off");
  }

  #held() {
    this.#hold = this.tick.checked;
    this.stop();
  }

  /** @param {HTMLButtonElement} on @param {"resident" | "staff"} side */
  #pushToTalk(on, side) {
    on.addEventListener("pointerdown", () => this.#hold && void this.#start(side));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      on.addEventListener(name, () => this.#hold && this.#microphone && void this.#microphone.stop());
    }
    on.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** @param {"resident" | "staff"} side */
  #toggle(side) {
    if (this.#hold) return;
    const same = this.#side === side;
    if (this.#microphone) this.stop();
    else void this.#start(side);
    if (!same && !this.#microphone) void this.#start(side);
  }

  /** @param {"resident" | "staff"} side */
  async #start(side) {
    if (!this.counter.session || this.#microphone) return;
    this.#side = side;
    const lang = side === "staff" ? "ja" : this.counter.session.lang;
    const spoken = lang === "ja-x-easy" ? "ja" : lang;
    const microphone = new Microphone({ base: new URL("/", location.href).href, lang: this.words.staffLang, visitor: this.visitor });
    this.#microphone = microphone;
    const session = this.counter.session.id;
    const mine = () => this.counter.session?.id === session;
    microphone.language(spoken);
    microphone.question(side === "resident" ? this.#question : "");
    microphone.turns(this.#hold ? null : 1200);
    const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) => microphone.addEventListener(name, (event) => mine() && act(/** @type {CustomEvent} */ (event).detail));
    on("state", ({ state }) => this.#state(microphone, state));
    on("level", ({ rms }) => (this.level.value = Math.min(1, rms * 6)));
    on("partial", ({ stable, unstable }) => this.acts.caption(stable + unstable));
    on("final", ({ transcript, kana }) => {
      this.acts.caption("");
      if (transcript) this.acts.heard(side, transcript, kana ?? "");
    });
    on("problem", ({ code, message }) => this.acts.problem(message || this.words.staff(`voice.${code}`)));
    await microphone.start();
  }

  /** @param {Microphone} microphone @param {string} state */
  #state(microphone, state) {
    if (this.#microphone !== microphone) return;
    if (state === "off") this.#microphone = null;
    if (state === "lost") this.acts.problem(this.words.staff("voice.lost"));
    else if (this.#lost) this.acts.problem("");
    this.#lost = state === "lost";
    this.#show(state);
  }

  /** @param {string} state */
  #show(state) {
    const live = state !== "off";
    if (!live) {
      this.level.value = 0;
      this.acts.caption("");
    }
    for (const [on, side, key] of /** @type {const} */ ([
      [this.main, "resident", "voice.listen"],
      [this.second, "staff", "voice.listen_staff"],
    ])) {
      const active = live && this.#side === side;
      on.setAttribute("aria-pressed", String(active));
      const label = on.querySelector("span");
      if (label) label.textContent = this.words.staff(active && !this.#hold ? "voice.stop" : key);
    }
  }
}
