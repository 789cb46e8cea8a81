/** The half that faces staff: what was heard, what to do about it, and the tablet's own controls. */

import { ArticlesPanel, PhrasesPanel } from "./finder_panels.js";
import { FormPanel } from "./form_panel.js";
import { ProposalsPanel } from "./proposals_panel.js";
import { button, fill, h, redraw, sends } from "./view.js";

const TABS = /** @type {const} */ (["answers", "form", "phrases", "articles"]);

export class StaffView {
  /** @type {typeof TABS[number]} */
  tab = "answers";
  #caption = "";

  /**
   * @param {import("./view.js").Words} words
   * @param {import("./counter.js").Counter} counter
   * @param {any[]} ready
   * @param {any} acts see tablet.js
   * @param {HTMLElement} listening
   */
  constructor(words, counter, ready, acts, listening) {
    this.words = words;
    this.counter = counter;
    this.acts = acts;
    const again = () => this.#panel();
    this.panels = {
      answers: new ProposalsPanel(words, counter, acts.run, again),
      form: new FormPanel(words, counter, acts.run, again, acts.readBack),
      phrases: new PhrasesPanel(words, counter, acts.phrase),
      articles: new ArticlesPanel(words, counter, acts.run, () => this.show("answers"), ready),
    };
    this.bar = h("div", { class: "bar" });
    this.notice = h("div", { class: "told", role: "status" });
    this.heard = h("div", { class: "heard", tabindex: "0", role: "log", "aria-label": words.staff("heard.title") });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": words.staff("sides.staff") });
    this.panel = h("div", { class: "panel", role: "tabpanel", id: "panel", tabindex: "0", "aria-labelledby": "tab-answers" });
    this.foot = h("div", { class: "foot" }, listening, this.#writing());
    this.speak = h("div", { class: "speak" });
    this.root = h("section", { class: "staff", "aria-label": words.staff("sides.staff"), lang: words.staffLang }, this.bar, this.notice, this.heard, this.tabs, this.panel, this.speak, this.foot);
  }

  /** @param {typeof TABS[number]} tab */
  show(tab) {
    const other = tab !== this.tab;
    this.tab = tab;
    this.draw();
    if (other) this.panel.scrollTop = 0;
  }

  /** Somebody else is in front of the tablet. */
  begin() {
    for (const box of this.foot.querySelectorAll("input")) {
      if (box.type === "checkbox") box.checked = box.id === "hold" && box.checked;
      else box.value = "";
    }
    this.panel.scrollTop = 0;
  }

  /** @param {string} text */
  caption(text) {
    this.#caption = text;
    this.#heard();
  }

  draw() {
    const { session } = this.counter;
    this.root.classList.toggle("idle", !session);
    this.#bar();
    this.network();
    for (const part of [this.heard, this.tabs, this.foot]) part.hidden = !session;
    if (!session) {
      this.panels.articles.forget();
      this.speak.hidden = true;
      this.panel.setAttribute("aria-labelledby", "handover-title");
      redraw(this.panel, this.#start());
      return;
    }
    this.#heard();
    this.#tabs();
    this.#panel();
  }

  network() {
    const { requests, called } = this.counter;
    const { words } = this;
    fill(
      this.notice,
      called && h("p", { class: "alarm" }, words.icon("hand"), h("span", {}, words.staff("called")), button(words, "", words.staff("seen"), this.acts.seen)),
      !requests.online && h("p", { class: "alarm" }, words.icon("warning"), h("span", {}, words.staff("network.offline"), requests.waiting > 0 && ` ${words.staff("network.waiting", { count: requests.waiting })}`)),
      this.acts.problem() && h("p", { class: "alarm" }, words.icon("info"), h("span", {}, this.acts.problem()), button(words, "close", "", this.acts.dismiss, { "aria-label": words.staff("sheet.close") })),
    );
  }

  #bar() {
    const { words, counter, acts } = this;
    const lang = counter.session?.lang;
    const name = words.desk.languages.find((/** @type {any} */ one) => one.tag === lang)?.name;
    redraw(
      this.bar,
      !counter.session && h("b", {}, words.staff("title")),
      name && h("span", { class: "pill", lang }, name),
      h("span", { class: "spring" }),
      button(words, "turn", words.staff("bar.turn_short"), acts.turn, this.#switch("turn", acts.turned())),
      button(words, "larger", words.staff("bar.larger_short"), acts.larger, this.#switch("larger", acts.enlarged())),
      button(words, "contrast", "", acts.contrast, this.#switch("contrast", acts.contrasted())),
      counter.session ? button(words, "close", words.staff("bar.end"), acts.end, { class: "danger" }) : h("a", { class: "button", href: "/staff" }, words.staff("menu")),
    );
  }

  /** What a button of the bar that switches something on is called, and whether it is on. @param {string} key @param {boolean} on */
  #switch(key, on) {
    const name = this.words.staff(`bar.${key}`);
    return { "aria-label": name, "aria-pressed": String(on), title: name };
  }

  #start() {
    const { words, acts } = this;
    const choice = /** @type {HTMLSelectElement} */ (h("select", { id: "lang" }, words.desk.languages.map((/** @type {any} */ one) => h("option", { value: one.tag }, one.name))));
    const code = /** @type {HTMLInputElement} */ (h("input", { id: "code", inputmode: "numeric", autocomplete: "off", maxlength: "12", value: acts.code(), "data-fresh": acts.code() ? "1" : false }));
    const take = () => code.value.trim() && acts.takeOver(code.value);
    code.addEventListener("keydown", (event) => sends(event) && take());
    return [
      h("p", { class: "lead" }, words.staff("start.lead")),
      h("div", { class: "row" }, h("div", { class: "field" }, h("label", { for: "lang" }, words.staff("start.language")), choice), button(words, "next", words.staff("start.begin"), () => acts.start(choice.value), { class: "strong" })),
      h("h2", { id: "handover-title" }, words.staff("start.handover")),
      h("p", {}, acts.waiting() ? words.staff("start.waiting", { count: acts.waiting() }) : words.staff("start.nobody")),
      h("div", { class: "row" }, h("div", { class: "field" }, h("label", { for: "code" }, words.staff("start.code")), code), button(words, "", words.staff("start.take"), take)),
    ];
  }

  #heard() {
    const { words, counter } = this;
    const said = [...(counter.session?.said ?? []), ...counter.pending];
    const rows = said.map((one, place) => (one.text ? this.#line(one, place, counter.session?.said.length ?? 0) : null)).filter(Boolean);
    redraw(this.heard, rows.length ? rows : h("p", { class: "hint" }, words.staff("heard.none")), this.#caption && h("p", { class: "line live" }, h("b", {}, words.staff("heard.listening")), " ", this.#caption));
    this.heard.scrollTop = this.heard.scrollHeight;
  }

  /** @param {import("./counter.js").Said} one @param {number} place @param {number} sent */
  #line(one, place, sent) {
    const { words } = this;
    const resident = one.side === "resident";
    const last = resident && place === sent - 1 && !one.waiting;
    const field = one.asked && this.counter.session?.form?.fields.find((/** @type {any} */ f) => f.name === one.asked)?.label;
    return h(
      "div",
      { class: "line" },
      h("p", {}, h("b", {}, words.staff(`heard.${one.side}`)), " ", h("span", { lang: one.lang }, one.text), one.waiting && h("span", { class: "state" }, "…"), last && button(words, "", words.staff("heard.take_back"), () => this.acts.run(this.counter.takeBack(place)), { class: "small" })),
      field && h("p", { class: "gist" }, words.staff("heard.asked", { field })),
      one.gist && h("p", { class: "gist" }, `${words.staff("heard.gist")}: `, h("b", {}, one.gist)),
      resident && !one.japanese && !one.gist && !field && !one.waiting && h("p", { class: "gist" }, words.staff("heard.no_japanese")),
    );
  }

  #tabs() {
    const { words } = this;
    redraw(
      this.tabs,
      TABS.map((tab) => {
        const count = tab === "answers" ? this.panels.answers.count : 0;
        const label = [words.staff(`tabs.${tab}`), count > 0 && h("span", { class: "count" }, String(count))];
        return h("button", { type: "button", role: "tab", id: `tab-${tab}`, "aria-selected": String(tab === this.tab), "aria-controls": "panel", tabindex: tab === this.tab ? "0" : "-1", onclick: () => this.show(tab), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#arrow(event, tab) }, label);
      }),
    );
  }

  /** @param {KeyboardEvent} event @param {typeof TABS[number]} tab */
  #arrow(event, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    this.show(next);
    document.getElementById(`tab-${next}`)?.focus();
  }

  #panel() {
    this.panel.setAttribute("aria-labelledby", `tab-${this.tab}`);
    redraw(this.panel, this.panels[this.tab].draw());
    const count = this.acts.approved().length;
    this.speak.hidden = count === 0 || this.tab !== "answers";
    redraw(this.speak, button(this.words, "sound", this.acts.speaking() ? this.words.staff("answers.stop") : this.words.staff("answers.speak", { count }), this.acts.speak, { class: "strong whole" }));
  }

  /** The box in which staff write, as themselves or for the resident. */
  #writing() {
    const { words } = this;
    const box = /** @type {HTMLInputElement} */ (h("input", { id: "staff-text", autocomplete: "off", maxlength: "2000", "aria-label": words.staff("voice.write"), placeholder: words.staff("voice.write") }));
    const resident = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: "as-resident" }));
    const send = () => {
      const text = box.value.trim();
      if (!text) return;
      box.value = "";
      this.acts.said(resident.checked ? "resident" : "staff", text);
    };
    box.addEventListener("keydown", (event) => sends(event) && send());
    return h("div", { class: "write" }, box, button(words, "next", words.staff("voice.send"), send), h("label", { class: "tick", for: "as-resident" }, resident, h("span", {}, words.staff("voice.as_resident"))));
  }
}
