/** `<madoguchi-chat>`: the chat as a custom element; it joins the conversation to the page. */

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { chosen } from "./languages.js";
import { noted } from "./notice.js";
import { download, copy, printed } from "./output.js";
import { Panel } from "./panel.js";
import { sheet } from "./sheet.js";
import { contacts, greet } from "./start.js";
import { TabStorage, token } from "./storage.js";
import { filled, plain, strings } from "./strings.js";
import { keepWhole, parsed } from "./text.js";
import { Transport } from "./transport.js";
import { TurnView } from "./turn_view.js";
import { quiet } from "./voice.js";

/** Below this width, or this height, the chat takes the whole screen. */
const SMALL = "(max-width: 639px), (max-height: 479px)";

/** @typedef {import("./conversation.js").Turn} Turn */

export class Chat extends HTMLElement {
  #framed = false;
  /** @type {import("./strings.js").Strings} */
  #strings = {};
  /** @type {import("./start.js").Welcome | null} */
  #welcome = null;
  /** @type {import("./notice.js").Notice | null} */
  #notice = null;
  /** @type {Map<string, TurnView>} */
  #views = new Map();
  #small = matchMedia(SMALL);
  #lang = "ja";
  #furigana = true;
  /** @type {Promise<void> | null} */
  #ready = null;
  /** @type {Transport} */
  #transport;
  /** @type {Conversation} */
  #conversation;
  /** @type {Composer} */
  #composer;
  /** @type {Panel} */
  #panel;

  connectedCallback() {
    this.#ready ??= this.#begin();
  }

  async #begin() {
    this.#framed = this.hasAttribute("framed");
    this.#transport = new Transport(this.getAttribute("base") ?? new URL("../../", import.meta.url).href);
    this.#conversation = new Conversation({
      transport: this.#transport,
      storage: new TabStorage(),
      token,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      online: () => navigator.onLine,
      changed: (turn) => this.#changed(turn),
    });
    this.#composer = new Composer({ send: (question) => this.#ask(question), stop: () => this.#conversation.stop() });
    this.#panel = new Panel(
      {
        language: (tag) => this.speak(tag),
        furigana: () => this.#ruby(!this.#furigana),
        close: () => this.close(),
        download: () => download(this.#conversation.turns, this.#say("transcript").text, this.#say("you").text, this.#say("answer").text),
        end: () => this.#end(),
      },
      this.#composer.element,
      this.#framed,
    );
    const kept = new TabStorage().read();
    this.#lang = kept?.lang ?? chosen(this.getAttribute("lang"), navigator.languages);
    this.#furigana = kept?.furigana ?? true;
    const [style] = await Promise.all([sheet(), this.#fetchWords(this.#lang)]);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    root.append(this.#panel.element, this.#panel.box);
    this.#listen();
    this.#words();
    this.#ruby(this.#furigana);
    this.#conversation.restore();
  }

  #listen() {
    addEventListener("online", () => this.#conversation.resume());
    this.#small.addEventListener("change", () => this.#reopen());
    visualViewport?.addEventListener("resize", () => this.#follow());
    visualViewport?.addEventListener("scroll", () => this.#follow());
    if ("speechSynthesis" in window) speechSynthesis.addEventListener?.("voiceschanged", () => this.#redraw());
    const dialog = this.#panel.element;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (event.target === dialog) this.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || this.#framed) return;
      event.preventDefault();
      this.close();
    });
  }

  /** Open the chat and put the cursor into the box; on a touch screen on the title, so that no keyboard jumps up; after a reload leave the focus where it was. */
  async open({ restored = false } = {}) {
    await this.#ready;
    if (this.#framed) return;
    this.#show();
    const last = this.#views.get(this.#conversation.turns.at(-1)?.key ?? "");
    if (restored && last) this.#panel.scrollTo(last.element);
    const target = matchMedia("(pointer: coarse)").matches ? this.#panel.title : this.#composer.box;
    if (!restored) target.focus({ preventScroll: true });
    else if (!this.#small.matches) /** @type {HTMLElement | null} */ (this.shadowRoot?.activeElement)?.blur();
    this.#composer.grow();
    this.#settings({ open: true });
    this.#follow();
  }

  close() {
    if (this.#framed) return;
    quiet();
    /** @type {HTMLDialogElement} */ (this.#panel.element).close();
    this.#settings({ open: false });
    this.dispatchEvent(new CustomEvent("madoguchi-close"));
  }

  /** Speak another language from here on. @param {string} tag */
  async speak(tag) {
    await this.#ready;
    const lang = chosen(tag, [this.#lang]);
    try {
      await this.#fetchWords(lang);
    } catch {
      // Without the words of that language (there is no network) the old one stays.
      this.#panel.languages.value = this.#lang;
      return;
    }
    this.#lang = lang;
    this.#settings({ lang });
    this.#words();
    this.#redraw();
  }

  #show() {
    const dialog = /** @type {HTMLDialogElement} */ (this.#panel.element);
    if (dialog.open) return;
    if (this.#small.matches) dialog.showModal();
    else dialog.show();
  }

  /** A turned tablet or a zoomed page may change whether the chat covers the screen. */
  #reopen() {
    const dialog = /** @type {HTMLDialogElement} */ (this.#panel.element);
    if (this.#framed || !dialog.open) return;
    const focused = /** @type {HTMLElement | null} */ (this.shadowRoot?.activeElement);
    dialog.close();
    this.#show();
    focused?.focus({ preventScroll: true });
  }

  /** Keep to the part of the screen that the keyboard leaves. */
  #follow() {
    const seen = visualViewport;
    if (!seen || seen.scale > 1.01) return;
    this.#panel.element.style.setProperty("--seen-block-size", `${seen.height}px`);
    this.#panel.element.style.setProperty("--seen-start", `${seen.offsetTop}px`);
    this.#panel.element.toggleAttribute("data-low", seen.height < 520);
    this.#composer.grow();
  }

  /** @param {string} lang */
  async #fetchWords(lang) {
    const asked = [this.#transport.welcome(lang), this.#transport.notice(lang)].map((reply) => reply.catch(() => null));
    const [words, welcome, notice] = await Promise.all([strings(lang), ...asked]);
    this.#notice = notice;
    this.#strings = words;
    this.#welcome = welcome ?? this.#welcome;
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  #say = (key, values = {}) => parsed(filled(this.#strings[key] ?? key, values));

  #words() {
    const say = this.#say;
    this.#panel.element.lang = this.#lang;
    this.#panel.box.lang = this.#lang;
    this.#composer.words((key) => plain(this.#strings[key] ?? key));
    this.#panel.words(say, this.#lang, {
      furigana: this.#furigana,
      talk: () => this.#ask(plain(this.#strings.person_question)),
      has: this.#conversation.turns.length > 0,
    });
    keepWhole([this.#welcome?.city ?? ""]);
    noted(this.#panel.notice, this.#notice, say, this.#lang, this.#desk.address);
    this.#panel.city.textContent = this.#welcome?.city ?? "";
    this.#panel.sample.replaceChildren(this.#welcome?.invented ? say("sample", { city: this.#welcome.city }).text : "");
    this.#panel.sample.hidden = !this.#welcome?.invented;
    this.#begun();
  }

  /** Before the first question there is a greeting; after it, the conversation. */
  #begun() {
    const begun = this.#conversation.turns.length > 0;
    this.#panel.start.hidden = begun;
    this.#panel.log.hidden = !begun;
    if (!begun) greet(this.#panel.start, this.#welcome, this.#say, this.#lang, (question, topic) => this.#ask(question, { topic }));
  }

  /** @param {boolean} on */
  #ruby(on) {
    this.#furigana = on;
    this.#panel.furigana.setAttribute("aria-pressed", String(on));
    for (const part of [this.#panel.element, this.#panel.box]) part.toggleAttribute("data-no-ruby", !on);
    this.#settings({ furigana: on });
  }

  /** @param {Partial<{lang: string, furigana: boolean, open: boolean}>} change */
  #settings(change) {
    Object.assign(this.#conversation.settings, { lang: this.#lang, furigana: this.#furigana }, change);
    this.#conversation.keep();
  }

  /** @param {string} question @param {{topic?: string, label?: string}} [about] */
  #ask(question, about = {}) {
    if (this.#conversation.busy) return false;
    this.#conversation.ask(question, { lang: this.#lang, ...about });
    return true;
  }

  async #end() {
    quiet();
    await this.#conversation.end();
    this.#announce(this.#say("ended").text);
    this.#composer.box.focus();
  }

  /** @param {Turn | null} turn */
  #changed(turn) {
    const { turns } = this.#conversation;
    this.#composer.busy(this.#conversation.busy !== null);
    this.#begun();
    if (turn === null || turns.length <= 1) this.#words();
    for (const [key, view] of this.#views) {
      if (turns.some((other) => other.key === key)) continue;
      view.element.remove();
      this.#views.delete(key);
    }
    let before = null;
    let fresh = null;
    for (const each of turns.toReversed()) {
      let view = this.#views.get(each.key);
      const isNew = !view;
      view ??= new TurnView(each, this.#desk);
      if (isNew) {
        this.#views.set(each.key, view);
        this.#panel.log.insertBefore(view.element, before);
      } else if (each === turn) view.update();
      before = view.element;
      if (isNew && each === turns.at(-1)) fresh = view;
    }
    if (fresh) this.#panel.scrollTo(fresh.element);
    if (turn?.state === "done") {
      this.#announce(this.#say("ready", { text: this.#views.get(turn.key)?.announcement() ?? "" }).text, turn.lang);
    } else if (turn && ["offline", "retrying", "failed", "stopped"].includes(turn.state)) {
      const words = turn.message || this.#say(turn.state).text;
      if (this.#panel.status.textContent !== words) this.#announce(words);
    }
  }

  #redraw() {
    for (const view of this.#views.values()) view.update();
  }

  /** @param {string} words @param {string} [lang] */
  #announce(words, lang = this.#lang) {
    this.#panel.status.lang = lang;
    this.#panel.status.textContent = words;
  }

  /** What the parts of an answer may do. @type {import("./turn_view.js").Desk} */
  #desk = {
    say: this.#say,
    lang: () => this.#lang,
    ask: (question) => void this.#ask(question),
    choose: ({ label, question, slug }) => void this.#ask(question, { topic: slug, label }),
    describe: () => this.#composer.box.focus(),
    contact: () => contacts(this.#welcome, this.#say, this.#desk.address(`${this.#lang}/handover#${this.#conversation.token}`)),
    retry: (turn) => void this.#conversation.retry(turn),
    rate: (turn, rating, reason) => this.#transport.rate(turn, rating, reason),
    copy: (words) => copy(words, this.#panel.element),
    print: (view) => printed(this, view),
    code: (url) => void this.#panel.code(this.#say, this.#transport.code(url)),
    announce: (words) => this.#announce(words),
    address: (url) => new URL(url.replace(/^\//, ""), this.#transport.base).href,
  };
}

if (!customElements.get("madoguchi-chat")) customElements.define("madoguchi-chat", Chat);
