/** The phrasebook by situation, and the search for articles; both work with what the tablet keeps. */

import { button, h, plain, redraw, sends } from "./view.js";

/** @typedef {import("./view.js").Words} Words */
/** @typedef {import("./counter.js").Counter} Counter */

export class PhrasesPanel {
  #task = "";
  #wanted = "";

  /** @param {Words} words @param {Counter} counter @param {(phrase: any) => void} say */
  constructor(words, counter, say) {
    this.words = words;
    this.counter = counter;
    this.say = say;
    this.list = h("ul", { class: "phrases" });
  }

  draw() {
    const { words } = this;
    const { tasks } = words.desk;
    if (tasks.length === 0) return [h("p", { class: "hint" }, words.staff("phrases.none"))];
    this.#task ||= tasks[0].id;
    const choice = h(
      "select",
      { id: "phrase-task", onchange: (/** @type {any} */ event) => ((this.#task = event.target.value), (this.#wanted = ""), this.#fill()) },
      tasks.map((/** @type {any} */ task) => h("option", { value: task.id, selected: task.id === this.#task }, task.titles[words.staffLang] ?? task.titles.ja)),
    );
    const box = h("input", { id: "phrase-search", type: "search", autocomplete: "off", oninput: (/** @type {any} */ event) => ((this.#wanted = event.target.value.trim()), this.#fill()) });
    this.#fill();
    return [
      h("div", { class: "row" }, h("div", { class: "field" }, h("label", { for: "phrase-task" }, words.staff("phrases.task")), choice), h("div", { class: "field" }, h("label", { for: "phrase-search" }, words.staff("phrases.search")), box)),
      this.list,
    ];
  }

  #fill() {
    const lang = this.counter.session?.lang ?? "en";
    const found = this.words.desk.tasks.flatMap((/** @type {any} */ task) =>
      this.#wanted ? task.phrases.filter((/** @type {any} */ one) => Object.values(one.words).some((words) => plain(String(words)).includes(this.#wanted))) : task.id === this.#task ? task.phrases : [],
    );
    redraw(
      this.list,
      found.slice(0, 60).map((/** @type {any} */ one) =>
        h("li", {}, h("button", { type: "button", onclick: () => this.say(one) }, h("span", { lang: "ja" }, plain(one.words.ja)), lang !== "ja" && h("span", { class: "own", lang }, plain(one.words[lang] ?? "")))),
      ),
    );
  }
}

export class ArticlesPanel {
  /** @type {any[]} */
  #found = [];
  #searched = false;

  /**
   * @param {Words} words
   * @param {Counter} counter
   * @param {(work: Promise<unknown>) => void} run
   * @param {() => void} proposed an article has become proposals
   * @param {any[]} ready articles that the tablet keeps
   */
  constructor(words, counter, run, proposed, ready) {
    this.words = words;
    this.counter = counter;
    this.run = run;
    this.proposed = proposed;
    this.ready = ready;
    this.results = h("div", { "aria-live": "polite" });
  }

  draw() {
    const { words } = this;
    const box = /** @type {HTMLInputElement} */ (h("input", { id: "article-search", type: "search", autocomplete: "off", maxlength: "500" }));
    const find = () => box.value.trim() && this.run(this.#search(box.value.trim()));
    box.addEventListener("keydown", (event) => sends(event) && find());
    this.#fill();
    return [
      h("div", { class: "row" }, h("div", { class: "field" }, h("label", { for: "article-search" }, words.staff("articles.search")), box), button(words, "search", words.staff("articles.find"), find, { class: "strong" })),
      this.results,
      h("h2", {}, words.staff("articles.ready")),
      h("ul", { class: "phrases" }, this.ready.map((one) => h("li", {}, h("button", { type: "button", "aria-label": `${words.staff("articles.show")}: ${one.texts.ja.title}`, onclick: () => this.#show(one) }, words.icon(one.life_event), h("span", { lang: "ja" }, one.texts.ja.title))))),
    ];
  }

  forget() {
    this.#found = [];
    this.#searched = false;
  }

  /** @param {string} text */
  async #search(text) {
    this.#found = (await this.counter.find(text, "ja"))?.articles ?? [];
    this.#searched = true;
    this.#fill();
  }

  #fill() {
    const none = this.#searched && h("p", { class: "hint" }, this.words.staff("articles.none"));
    redraw(
      this.results,
      this.#found.length
        ? h("ul", { class: "articles" }, this.#found.map((one) => h("li", {}, h("div", {}, h("h2", {}, one.title), h("p", {}, one.summary)), button(this.words, "", this.words.staff("articles.send"), () => this.run(this.counter.propose(one.slug).then(this.proposed)), { "aria-label": `${this.words.staff("articles.send")}: ${one.title}` }))))
        : none,
    );
  }

  /** The city's own text, as it is: shown to the resident without the server. @param {any} article */
  #show(article) {
    if (!this.counter.session) return;
    this.counter.article = article;
    this.counter.dispatchEvent(new CustomEvent("change", { detail: "session" }));
  }
}
