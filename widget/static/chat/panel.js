/** The frame of the chat: header, menu, room for the conversation, and the dialogs over it. */

import { drawing, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { LANGUAGES } from "./languages.js";
import { worded } from "./text.js";

/**
 * @typedef {(key: string, values?: Record<string, string | number>) => import("./text.js").Text} Say
 * @typedef {{language: (tag: string) => void, furigana: () => void, close: () => void,
 *   download: () => void, end: () => Promise<void>}} Actions
 */

export class Panel {
  #actions;

  /** @param {Actions} actions @param {HTMLElement} composer @param {boolean} framed */
  constructor(actions, composer, framed) {
    this.#actions = actions;
    this.title = h("h2", { id: "title", tabindex: -1 });
    this.city = h("p", { class: "city" });
    this.sample = h("p", { class: "sample" });
    this.languages = /** @type {HTMLSelectElement} */ (
      h("select", { onchange: () => actions.language(this.languages.value) }, LANGUAGES.map(([tag, name]) => h("option", { value: tag, lang: tag }, name)))
    );
    this.furigana = h("button", { type: "button", class: "action", "aria-pressed": "true", onclick: actions.furigana });
    this.menuButton = h("button", { type: "button", class: "round", "aria-expanded": "false", "aria-controls": "menu", onclick: () => this.menu(Boolean(this.menuList.hidden)) }, icon("menu"));
    this.closeButton = h("button", { type: "button", class: "round", onclick: actions.close }, icon("close"));
    this.menuList = h("div", { class: "menu", id: "menu", hidden: true });
    this.notice = h("section", { class: "alert", "aria-labelledby": "notice", hidden: true });
    this.start = h("section", { class: "start" });
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", tabindex: 0 });
    this.scroller = h("div", { class: "scroller" }, this.notice, this.sample, this.start, this.log);
    this.caution = h("p", { class: "caution", id: "caution" });
    this.talk = h("button", { type: "button", class: "link" });
    this.status = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
    const header = h(
      "div",
      { class: "header" },
      h("span", { class: "mark", "aria-hidden": "true" }, icon("mark")),
      h("div", { class: "names" }, this.title, this.city),
      this.menuButton,
      framed ? null : this.closeButton,
    );
    const bar = h("div", { class: "bar" }, h("label", { class: "language" }, icon("globe"), this.languages), this.furigana);
    const foot = h("div", { class: "bottom" }, composer, h("div", { class: "small" }, this.caution, this.talk));
    const parts = [header, this.menuList, bar, this.scroller, foot, this.status];
    this.element = framed
      ? h("main", { class: "panel framed", "aria-labelledby": "title" }, parts)
      : h("dialog", { class: "panel", "aria-labelledby": "title" }, parts);
    this.box = /** @type {HTMLDialogElement} */ (h("dialog", { class: "box" }));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.menuList.hidden) return;
      event.preventDefault();
      this.menu(false);
      this.menuButton.focus();
    });
  }

  /** Bring the beginning of `turn` to the top, without moving the page around the chat. @param {HTMLElement} turn */
  scrollTo(turn) {
    // On a very low screen it is the whole panel that scrolls.
    for (const part of [this.scroller, this.element]) {
      part.scrollTop += turn.getBoundingClientRect().top - part.getBoundingClientRect().top - 12;
    }
  }

  /** @param {boolean} open */
  menu(open) {
    this.menuList.hidden = !open;
    this.menuButton.setAttribute("aria-expanded", String(open));
  }

  /**
   * Put the words of one language everywhere.
   * @param {Say} say
   * @param {string} lang
   * @param {{furigana: boolean, talk: () => void, has: boolean}} state
   */
  words(say, lang, { furigana, talk, has }) {
    fill(this.title, ...worded(say("title")));
    this.languages.value = lang;
    this.languages.setAttribute("aria-label", say("language").text);
    fill(this.furigana, h("span", {}, ...worded(say("furigana"))));
    this.furigana.hidden = lang !== "ja-x-easy";
    this.furigana.setAttribute("aria-pressed", String(furigana));
    this.log.setAttribute("aria-label", say("transcript").text);
    for (const [button, key] of /** @type {const} */ ([[this.menuButton, "menu"], [this.closeButton, "close"]])) {
      button.setAttribute("aria-label", say(key).text);
      button.title = say(key).text;
    }
    fill(this.caution, ...worded(say("caution")));
    fill(this.talk, icon("person"), h("span", {}, ...worded(say("talk"))));
    this.talk.onclick = talk;
    /** @type {[string, string, () => void][]} */
    const entries = [
      ["download", "download", this.#actions.download],
      ["end", "trash", () => this.confirm(say, this.#actions.end)],
    ];
    fill(
      this.menuList,
      entries.map(([key, picture, act]) =>
        h(
          "button",
          {
            type: "button",
            "data-action": key,
            "aria-disabled": String(!has),
            onclick: () => {
              if (!has) return;
              this.menu(false);
              act();
            },
          },
          icon(picture),
          h("span", {}, ...worded(say(key))),
        ),
      ),
    );
  }

  /** @param {Say} say @param {() => Promise<void>} act */
  confirm(say, act) {
    const trouble = h("p", { class: "trouble", role: "alert" });
    const yes = h("button", { type: "button", class: "action strong danger", "data-action": "end-yes" }, ...worded(say("end_yes")));
    const no = h("button", { type: "button", class: "action", onclick: () => this.box.close() }, ...worded(say("cancel")));
    yes.addEventListener("click", async () => {
      try {
        await act();
        this.box.close();
      } catch {
        fill(trouble, ...worded(say("failed")));
      }
    });
    this.#show(say("end").text, [h("h3", {}, ...worded(say("end"))), h("p", {}, ...worded(say("end_confirm"))), trouble, h("div", { class: "actions" }, no, yes)]);
    this.menuButton.focus();
    this.box.showModal();
    no.focus();
  }

  /**
   * Show a QR code.
   * @param {Say} say
   * @param {Promise<{box: string, path: string}>} code
   */
  async code(say, code) {
    const place = h("div", { class: "code" });
    const close = h("button", { type: "button", class: "action", onclick: () => this.box.close() }, icon("close"), h("span", {}, ...worded(say("close"))));
    this.#show(say("phone").text, [h("h3", {}, ...worded(say("phone"))), h("p", {}, ...worded(say("phone_hint"))), place, h("div", { class: "actions" }, close)]);
    this.box.showModal();
    try {
      const { box, path } = await code;
      place.append(drawing(path, box, { role: "img", "aria-hidden": "false", "aria-label": say("phone").text }));
    } catch {
      fill(place, ...worded(say("failed")));
    }
  }

  /** @param {string} name @param {Node[]} parts */
  #show(name, parts) {
    this.box.setAttribute("aria-label", name);
    fill(this.box, ...parts);
  }
}
