/** The form that fills itself: each field with its value, what it rests on, and what to check. */

import { button, h, sends } from "./view.js";

export class FormPanel {
  /** The field whose value is being typed. */
  #typing = "";

  /**
   * @param {import("./view.js").Words} words
   * @param {import("./counter.js").Counter} counter
   * @param {(work: Promise<unknown>) => void} run
   * @param {() => void} again draws the panel anew
   * @param {(text: string, lang: string) => void} readBack
   */
  constructor(words, counter, run, again, readBack) {
    this.words = words;
    this.counter = counter;
    this.run = run;
    this.again = again;
    this.readBack = readBack;
  }

  draw() {
    const { words, counter } = this;
    const form = counter.session?.form;
    const chosen = h(
      "select",
      { id: "form-choice", onchange: (/** @type {any} */ event) => event.target.value && this.run(counter.startForm(event.target.value)) },
      h("option", { value: "" }, "–"),
      words.desk.forms.map((/** @type {any} */ one) => h("option", { value: one.id, selected: one.id === form?.id }, one.title)),
    );
    const head = h("div", { class: "field" }, h("label", { for: "form-choice" }, words.staff("form.choose")), chosen);
    if (!form) return [head, h("p", { class: "hint" }, words.staff("form.none"))];
    const next = form.fields.find((/** @type {any} */ one) => one.name === form.next);
    const confirmed = form.fields.filter((/** @type {any} */ one) => one.confirmed).length;
    return [
      h("div", { class: "row" }, head, h("p", { class: "progress", role: "status" }, words.staff("form.filled", { count: confirmed, all: form.fields.length }))),
      next && button(words, "hand", words.staff("form.ask_next", { field: next.label }), () => this.run(counter.ask(next.name)), { class: "next" }),
      h("ol", { class: "fields" }, form.fields.map((/** @type {any} */ one) => this.#field(one))),
      h("p", { class: "hint" }, words.staff("form.unconfirmed")),
      h(
        "div",
        { class: "row" },
        h("a", { class: "button strong", href: counter.sheet, target: "_blank", rel: "noopener", onclick: () => (counter.printed = true) }, words.icon("certificates"), h("span", {}, words.staff("form.print"))),
        h("a", { class: "button", href: counter.record, download: `${form.id}.json` }, words.staff("form.json")),
      ),
    ];
  }

  /** @param {any} field */
  #field(field) {
    const { words } = this;
    const filled = field.value !== null && field.value !== undefined;
    const asking = this.counter.session?.asking === field.name;
    return h(
      "li",
      { class: `entry${field.confirmed ? " confirmed" : ""}${asking ? " asking" : ""}`, "data-field": field.name },
      h("h2", {}, field.label, field.required && h("span", { class: "required" }, words.staff("form.required"))),
      this.#typing === field.name
        ? this.#box(field)
        : h("p", { class: filled ? "value" : "value none" }, filled ? field.text : words.staff("form.empty")),
      !field.confirmed && field.words && h("p", { class: "basis" }, words.staff("form.words", { words: field.words }), " ", h("span", { class: field.confidence < 0.7 ? "low" : "" }, words.staff("form.confidence", { percent: Math.round(field.confidence * 100) }))),
      field.notes.map((/** @type {string} */ note) => h("p", { class: "flag" }, words.icon("warning"), h("span", {}, this.#note(note)))),
      filled && field.findings.map((/** @type {any} */ one) => h("p", { class: `flag ${one.level}` }, words.icon("warning"), h("span", {}, one[words.staffLang]))),
      this.#typing !== field.name && this.#choices(field, filled),
    );
  }

  /** @param {string} note */
  #note(note) {
    const words = this.words.staff(`notes.${note}`);
    return words.startsWith("notes.") ? this.words.staff("notes.other") : words;
  }

  /** @param {any} field @param {boolean} filled */
  #choices(field, filled) {
    const { words, counter, run } = this;
    const about = (/** @type {string} */ key) => ({ "aria-label": `${words.staff(key)}: ${field.label}` });
    const type = () => {
      this.#typing = field.name;
      this.again();
      document.getElementById(`field-${field.name}`)?.focus();
    };
    return h(
      "div",
      { class: "row" },
      field.confirmed && h("span", { class: "approved-mark" }, words.icon("check"), words.staff("form.confirmed")),
      filled && !field.confirmed && button(words, "check", words.staff("form.confirm"), () => run(counter.confirm(field.name, field.value)), { class: "strong", ...about("form.confirm") }),
      filled && button(words, "sound", "", () => this.readBack(spoken(field), "ja"), about("form.read_back")),
      button(words, "pen", filled ? words.staff("form.undo") : "", type, about("form.undo")),
      !filled && button(words, "", words.staff("form.ask"), () => run(counter.ask(field.name)), about("form.ask")),
    );
  }

  /** @param {any} field */
  #box(field) {
    const { words } = this;
    const id = `field-${field.name}`;
    const value = typeof field.value === "string" || typeof field.value === "number" ? String(field.value) : field.text;
    const box = /** @type {HTMLInputElement | HTMLSelectElement} */ (
      field.choices.length
        ? h("select", { id }, field.choices.map((/** @type {any} */ one) => h("option", { value: one.id, selected: one.id === field.value }, one.label)))
        : h("input", { id, value, autocomplete: "off", inputmode: ["my_number", "telephone", "postal_code", "count"].includes(field.kind) ? "numeric" : "text" })
    );
    const over = () => {
      this.#typing = "";
      this.again();
    };
    const save = () => this.run(this.counter.confirm(field.name, box.value.trim() || null).then(over));
    box.addEventListener("keydown", (event) => {
      const key = /** @type {KeyboardEvent} */ (event);
      if (sends(key)) save();
      else if (key.key === "Escape") over();
    });
    return h(
      "div",
      { class: "editor" },
      h("label", { for: id, class: "hidden" }, words.staff("form.value", { field: field.label })),
      box,
      h("div", { class: "row" }, button(words, "check", words.staff("form.save"), save, { class: "strong" }), button(words, "", words.staff("answers.cancel"), over)),
    );
  }
}

/** How it is read back: figures one by one. @param {any} field */
function spoken(field) {
  const digits = field.kind === "telephone" || field.kind === "postal_code" || field.kind === "my_number";
  return `${field.label}、${digits ? [...field.text].join(" ") : field.text}`;
}
