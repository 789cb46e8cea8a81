/** The half that faces the resident: very large, in their language, with few large buttons. */

import { button, fill, h, plain, redraw, ruby, worded } from "./view.js";

/** @typedef {import("./view.js").Words} Words */
/** @typedef {import("./counter.js").Counter} Counter */

export class ResidentView {
  /** What is being heard just now. */
  #caption = "";
  /** @type {HTMLElement} */
  #heard;

  /**
   * @param {Words} words
   * @param {Counter} counter
   * @param {object} acts
   * @param {(lang: string) => void} acts.start
   * @param {(text: string) => void} acts.answer
   * @param {(topic: {slug: string, titles: Record<string, string>}) => void} acts.topic
   * @param {(slow: boolean) => void} acts.again
   * @param {() => void} acts.call
   * @param {() => void} acts.write
   * @param {() => void} acts.services
   */
  constructor(words, counter, acts) {
    this.words = words;
    this.counter = counter;
    this.acts = acts;
    this.ended = "";
    this.root = h("section", { class: "resident", "aria-label": words.staff("sides.resident") });
    this.stage = h("div", { class: "stage", tabindex: "0" });
    this.buttons = h("div", { class: "buttons" });
    this.#heard = h("p", { class: "caption", "aria-live": "polite", hidden: true });
    this.root.append(this.stage, this.#heard, this.buttons);
  }

  draw() {
    const session = this.counter.session;
    const lang = session?.lang ?? "ja";
    this.root.lang = lang;
    if (!session) this.#welcome();
    else {
      const lines = this.#conversation(session);
      redraw(this.stage, lines.length ? lines : this.#topics(lang));
      redraw(this.buttons, this.#choices(lang, lines.length > 0));
      this.stage.scrollTop = lines.length ? this.stage.scrollHeight : 0;
      // A long answer is read from its beginning, and not from its end.
      if (lines.length && this.stage.lastElementChild instanceof HTMLElement) {
        this.stage.scrollTop = Math.min(this.stage.scrollTop, this.stage.lastElementChild.offsetTop - this.stage.offsetTop - 8);
      }
    }
  }

  /** @param {string} text what is heard so far; empty: nothing */
  caption(text) {
    this.#caption = text;
    this.#heard.hidden = !text;
    this.#heard.textContent = text;
  }

  get heard() {
    return this.#caption;
  }

  #welcome() {
    const ended = this.ended && h("p", { class: "big", lang: this.ended, role: "status" }, this.words.shown(this.ended, "ended"));
    redraw(
      this.stage,
      ended,
      h("h2", { class: "welcome" }, this.words.icon("globe"), h("span", {}, this.words.resident("ja", "welcome"), h("br"), h("span", { lang: "en" }, this.words.resident("en", "welcome")))),
      h(
        "ul",
        { class: "tongues" },
        this.words.desk.languages.map((/** @type {{tag: string, name: string}} */ { tag, name }) =>
          h("li", {}, h("button", { type: "button", lang: tag, onclick: () => this.acts.start(tag) }, name)),
        ),
      ),
    );
    fill(this.buttons);
    if (this.ended) this.stage.scrollTop = 0;
  }

  /** @param {string} lang */
  #topics(lang) {
    const topics = this.words.desk.topics;
    return [
      h("h2", { class: "big" }, this.words.shown(lang, "speak")),
      h(
        "ul",
        { class: "topics", "aria-label": this.words.resident(lang, "topics") },
        topics.map((/** @type {any} */ topic) => {
          const own = topic.titles[lang];
          const label = h("span", { lang: own ? false : "ja" }, ruby(own ?? topic.titles.ja));
          return h("li", {}, h("button", { type: "button", onclick: () => this.acts.topic(topic) }, this.words.icon(topic.icon), label));
        }),
      ),
    ];
  }

  /** Everything both sides said and staff approved, oldest first. @param {import("./counter.js").Session} session */
  #conversation(session) {
    const said = [...session.said, ...this.counter.pending];
    const rows = [];
    for (let place = 0; place <= said.length; place += 1) {
      const answers = session.proposals.filter((one) => one.state === "approved" && (one.after === place || (place === said.length && one.after > place)));
      if (answers.length) rows.push(this.#answer(session.lang, answers));
      if (said[place]?.text) rows.push(this.#said(session.lang, said[place]));
    }
    if (this.counter.checked) rows.push(h("p", { class: "turn checking", role: "status" }, this.words.icon("slower"), h("span", {}, this.words.shown(session.lang, "checking"))));
    if (this.counter.article) rows.push(this.#article(session.lang, this.counter.article));
    return rows;
  }

  /** @param {string} lang @param {import("./counter.js").Said} said */
  #said(lang, said) {
    const own = said.side === "resident";
    const text = own ? said.text : said.shown || said.text;
    const inJapanese = !own && !said.shown && !lang.startsWith("ja");
    return h(
      "div",
      { class: "turn" },
      h("p", { class: "who" }, this.words.shown(lang, own ? "you" : "staff"), said.waiting && h("span", { class: "state" }, this.words.shown(lang, "sending"))),
      h("p", { class: own ? "own" : "big", lang: inJapanese ? "ja" : false }, own ? `“${text}”` : ruby(text)),
      inJapanese && h("p", { class: "note" }, this.words.icon("info"), h("span", {}, this.words.shown(lang, "japanese_only"))),
    );
  }

  /** @param {string} lang @param {import("./counter.js").Proposal[]} answers */
  #answer(lang, answers) {
    return h(
      "div",
      { class: "turn answer" },
      h("p", { class: "who" }, this.words.shown(lang, "staff")),
      answers.map((one) =>
        h(
          "div",
          { class: "piece", "data-kind": one.kind, lang: one.lang === lang ? false : one.lang },
          one.label && h("p", { class: "label" }, worded({ text: one.label, ruby: one.label_ruby })),
          one.own.length > 1 ? h("ul", {}, own(one).map((line) => h("li", {}, line))) : h("p", { class: one.kind === "short" ? "big" : "line" }, own(one)[0]),
        ),
      ),
      answers.some((one) => one.flags.includes("only_japanese")) && h("p", { class: "note" }, this.words.icon("info"), h("span", {}, this.words.shown(lang, "japanese_only"))),
    );
  }

  /** @param {string} lang @param {any} article */
  #article(lang, article) {
    const text = article.texts[lang] ?? article.texts.ja;
    return h(
      "div",
      { class: "turn answer", lang: article.texts[lang] ? false : "ja" },
      h("h2", { class: "big" }, ruby(text.title)),
      h("p", { class: "line" }, ruby(text.summary)),
      text.facts.map((/** @type {any} */ fact) =>
        h("div", { class: "piece" }, h("p", { class: "label" }, ruby(fact.label)), h("ul", {}, fact.lines.map((/** @type {string} */ line) => h("li", {}, ruby(line))))),
      ),
      text.conditions.map((/** @type {string} */ line) => h("p", { class: "line" }, ruby(line))),
    );
  }

  /** @param {string} lang @param {boolean} talking whether there is anything to say yes to */
  #choices(lang, talking) {
    const { words, acts } = this;
    const say = (/** @type {string} */ key) => words.shown(lang, key);
    const answers = [
      button(words, "yes", say("yes"), () => acts.answer(words.resident(lang, "yes"))),
      button(words, "no", say("no"), () => acts.answer(words.resident(lang, "no"))),
      button(words, "again", say("again"), () => acts.again(false)),
      button(words, "slower", say("slower"), () => acts.again(true)),
    ];
    return [
      ...(talking ? answers : []),
      button(words, "pen", say("write"), acts.write, { class: "wide" }),
      button(words, "globe", say("services"), acts.services, { class: "wide" }),
      this.counter.called
        ? h("p", { class: "wide called", role: "status" }, say("called"))
        : button(words, "hand", say("call"), acts.call, { class: "wide call" }),
    ];
  }
}

/** The lines of a proposal as nodes, with their ruby. @param {import("./counter.js").Proposal} one */
function own(one) {
  return one.own.map((text, place) => worded({ text, ruby: one.own_ruby[place] }));
}
