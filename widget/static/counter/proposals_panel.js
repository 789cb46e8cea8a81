/** What the desk would answer: staff approve, edit or drop each piece before it is seen or spoken. */

import { button, h } from "./view.js";

/** @typedef {import("./counter.js").Proposal} Proposal */

export class ProposalsPanel {
  /** The proposal that is being edited. */
  #editing = "";

  /**
   * @param {import("./view.js").Words} words
   * @param {import("./counter.js").Counter} counter
   * @param {(work: Promise<unknown>) => void} run
   * @param {() => void} again draws the panel anew
   */
  constructor(words, counter, run, again) {
    this.words = words;
    this.counter = counter;
    this.run = run;
    this.again = again;
  }

  get count() {
    return this.counter.session?.proposals.filter((one) => one.state === "proposed").length ?? 0;
  }

  draw() {
    const handed = this.counter.session?.handed ?? [];
    return [handed.length > 0 && this.#handed(handed), ...this.#pieces()];
  }

  #pieces() {
    const proposals = this.counter.session?.proposals.filter((one) => one.state !== "dropped") ?? [];
    if (proposals.length === 0) return [h("p", { class: "hint" }, this.words.staff("answers.none"))];
    const newest = Math.max(...proposals.map((one) => number(one)));
    const now = proposals.filter((one) => number(one) === newest);
    return [h("p", { class: "hint" }, this.words.staff("answers.lead")), h("ol", { class: "proposals" }, now.map((one) => this.#piece(one)))];
  }

  /** What the resident asked on the website before, and what came of it. @param {import("./counter.js").Handed[]} handed */
  #handed(handed) {
    const { words } = this;
    const tongues = [...new Set(handed.map((one) => words.desk.languages.find((/** @type {any} */ known) => known.tag === one.lang)?.name ?? one.lang))];
    return h(
      "details",
      { class: "handed", open: this.counter.session?.proposals.length === 0 },
      h("summary", {}, words.staff("handed.title")),
      h("p", {}, words.staff("handed.lead", { count: handed.length, languages: tongues.join("・") })),
      h(
        "ol",
        {},
        handed.map((one) =>
          h(
            "li",
            { "data-outcome": one.outcome },
            h("q", { lang: one.lang }, one.question),
            h("span", { class: "came" }, words.icon(one.outcome === "answered" ? "check" : "warning"), h("span", {}, words.staff(`handed.${one.outcome}`), one.title && `: ${one.title}`, one.about && `（${one.about}）`)),
          ),
        ),
      ),
    );
  }

  /** @param {Proposal} one */
  #piece(one) {
    const { words } = this;
    const alike = one.lang === "ja" || one.own.join("\n") === one.japanese.join("\n");
    const title = one.label_japanese || one.source?.title || "";
    return h(
      "li",
      { class: `proposal ${one.state}`, "data-kind": one.kind },
      title && h("h2", {}, title),
      h("div", { class: "japanese", lang: "ja" }, lines(one.japanese, one.basis, words.staff("answers.basis"))),
      !alike && this.#editing !== one.id && h("div", { class: "own", lang: one.lang }, lines(one.own, "", "")),
      this.#editing === one.id && this.#editor(one),
      one.flags.map((flag) => h("p", { class: `flag ${flag}` }, words.icon(flag === "edited" ? "pen" : "warning"), h("span", {}, words.staff(`flags.${flag}`)))),
      one.source && this.#source(one),
      this.#editing !== one.id && this.#choices(one),
    );
  }

  /** @param {Proposal} one */
  #source(one) {
    const { source } = one;
    const details = `${source.title}（${source.version ? `v${source.version}・` : ""}${source.effective_from ?? ""}）`;
    return h("p", { class: "source" }, `${this.words.staff("answers.source")}: `, source.url ? h("a", { href: source.url, target: "_blank", rel: "noopener" }, details) : details);
  }

  /** @param {Proposal} one */
  #choices(one) {
    const { words, counter, run } = this;
    const name = one.label_japanese || one.own[0];
    const decide = (/** @type {"approved" | "dropped"} */ state) => run(counter.decide(one.id, state));
    const edit = () => {
      this.#editing = one.id;
      this.again();
      document.getElementById(`edit-${one.id}`)?.focus();
    };
    const about = (/** @type {string} */ key) => ({ "aria-label": `${words.staff(key)}: ${name}` });
    return h(
      "div",
      { class: "row" },
      one.state === "approved"
        ? h("span", { class: "approved-mark" }, words.icon("check"), words.staff("answers.approved"))
        : button(words, "check", words.staff("answers.approve"), () => decide("approved"), { class: "strong", ...about("answers.approve") }),
      button(words, "", words.staff("answers.edit"), edit, about("answers.edit")),
      button(words, "", words.staff("answers.drop"), () => decide("dropped"), about("answers.drop")),
    );
  }

  /** @param {Proposal} one */
  #editor(one) {
    const { words } = this;
    const id = `edit-${one.id}`;
    const box = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, lang: one.lang, rows: "4", maxlength: "4000" }, one.own.join("\n")));
    const over = () => {
      this.#editing = "";
      this.again();
    };
    const save = () => {
      this.run(this.counter.decide(one.id, "approved", box.value).then(over));
    };
    return h(
      "div",
      { class: "editor" },
      h("label", { for: id }, words.staff("answers.edit_label")),
      box,
      h("div", { class: "row" }, button(words, "check", words.staff("answers.save"), save, { class: "strong" }), button(words, "", words.staff("answers.cancel"), over)),
    );
  }
}

/** @param {Proposal} one */
function number(one) {
  return Number(one.id.split(".")[0]);
}

/** Lines, with the sentence that the figures come from marked. @param {string[]} all @param {string} basis @param {string} hint */
function lines(all, basis, hint) {
  return all.map((line) => {
    const at = basis ? line.indexOf(basis) : -1;
    if (at < 0) return h("p", {}, line);
    return h("p", {}, line.slice(0, at), h("mark", { title: hint }, basis), line.slice(at + basis.length));
  });
}
