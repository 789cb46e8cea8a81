/**
 * The session of the tablet: what the server last said of it, what waits to be sent, and what
 * is shown while the network is down. It lives in this object and nowhere else.
 */

import { Refused, Requests } from "./requests.js";

/** @typedef {{side: "resident" | "staff", text: string, lang: string, japanese: string, shown: string, machine: boolean, asked: string | null, gist: string, waiting?: boolean}} Said */
/** @typedef {{id: string, kind: string, state: "proposed" | "approved" | "dropped", lang: string, label: string, label_japanese: string, own: string[], own_ruby: ([string, string | null][] | null)[], label_ruby: [string, string | null][] | null, japanese: string[], basis: string, flags: string[], source: any, after: number}} Proposal */
/** @typedef {{question: string, lang: string, outcome: string, title: string, about: string}} Handed */
/** @typedef {{id: string, lang: string, procedure: string | null, asking: string | null, question: string, said: Said[], handed: Handed[], proposals: Proposal[], form: any}} Session */

const API = "/counter/api";

export class Counter extends EventTarget {
  /** @type {Session | null} */
  session = null;
  /** What was said here and has not reached the server. @type {Said[]} */
  pending = [];
  called = false;
  /** An article of the tablet that is shown without a network. @type {any} */
  article = null;
  printed = false;

  constructor() {
    super();
    this.requests = new Requests();
    this.requests.addEventListener("change", () => this.#changed("network"));
  }

  /**
   * Begin. Without a network the session is the tablet's own: phrases, ready articles and
   * writing work in it, and it is gone when it ends.
   * @param {string} lang
   */
  async start(lang) {
    const reached = await this.requests.reaches(`${API}/handovers`);
    if (!reached) {
      this.session = { id: "local", lang, procedure: null, asking: null, question: "", said: [], handed: [], proposals: [], form: null };
      this.#changed("session");
      return;
    }
    await this.#take({ method: "POST", path: `${API}/sessions`, body: { lang } });
  }

  /** @param {string} code */
  async takeOver(code) {
    await this.#take({ method: "POST", path: `${API}/handovers`, body: { code } });
  }

  /**
   * @param {"resident" | "staff"} side
   * @param {string} text
   * @param {{spoken?: boolean, kana?: string, ask?: boolean, topic?: string}} [how]
   */
  async say(side, text, how = {}) {
    if (!this.session) return;
    const lang = side === "resident" ? this.session.lang : "ja";
    const japanese = lang === "ja" || lang === "ja-x-easy" ? text : "";
    const told = { side, text, lang, japanese, shown: "", machine: false, asked: null, gist: "" };
    await this.#while(told, { method: "POST", path: this.#path("said"), body: { side, text, lang, ...how } });
  }

  /** @param {{id: string, words: Record<string, string>}} phrase @param {(markup: string) => string} plain */
  async phrase(phrase, plain) {
    if (!this.session) return;
    const shown = phrase.words[this.session.lang] ?? phrase.words.ja;
    const ja = plain(phrase.words.ja);
    const told = { side: /** @type {const} */ ("staff"), text: ja, lang: "ja", japanese: ja, shown, machine: false, asked: null, gist: "" };
    await this.#while(told, { method: "POST", path: this.#path(`phrases/${encodeURIComponent(phrase.id)}`) });
  }

  /** @param {number} number */
  takeBack(number) {
    return this.#take({ method: "POST", path: this.#path(`said/${number}/take-back`) });
  }

  /** @param {string} slug */
  propose(slug) {
    return this.#take({ method: "POST", path: this.#path(`articles/${encodeURIComponent(slug)}`) });
  }

  /** @param {string} id @param {"approved" | "dropped"} state @param {string} [text] */
  decide(id, state, text = "") {
    return this.#take({ method: "POST", path: this.#path(`proposals/${id}`), body: { state, text } });
  }

  /** @param {string} form */
  startForm(form) {
    return this.#take({ method: "POST", path: this.#path("form"), body: { form } });
  }

  /** @param {string} name */
  ask(name) {
    return this.#take({ method: "POST", path: this.#path(`form/ask/${name}`) });
  }

  /** @param {string} name @param {unknown} value */
  confirm(name, value) {
    return this.#take({ method: "PUT", path: this.#path(`form/${name}`), body: { value } });
  }

  /** @param {string} text @param {string} lang */
  find(text, lang) {
    return this.requests.send({ method: "POST", path: `${API}/articles`, body: { text, lang } });
  }

  waitingHandovers() {
    return this.requests.read(`${API}/handovers`);
  }

  /** The session is used although nothing is sent: its ten minutes begin anew. */
  touch() {
    if (this.session && !this.#local) void this.requests.read(this.#path("")).catch(() => undefined);
  }

  /** End it: here at once, whatever the network does; on the server as soon as it hears of it. @param {string} outcome */
  end(outcome) {
    const path = this.#local ? "" : this.#path("end");
    this.requests.forget();
    this.forget();
    if (path) this.requests.send({ method: "POST", path, body: { outcome } }).catch(() => undefined);
  }

  forget() {
    this.session = null;
    this.pending = [];
    this.called = false;
    this.article = null;
    this.printed = false;
    this.#changed("session");
  }

  /** Whether the last thing that the resident said waits for staff to approve an answer. */
  get checked() {
    const { proposals = [], said = [] } = this.session ?? {};
    const newest = proposals.filter((one) => one.after === said.length);
    return newest.length > 0 && newest.every((one) => one.state === "proposed");
  }

  get record() {
    return this.#path("record.json");
  }

  get sheet() {
    return this.session?.form ? `/counter/sheet/${this.session.id}/${this.session.form.id}` : "";
  }

  /** Whether the session was begun without a network. */
  get #local() {
    return this.session?.id === "local";
  }

  /** @param {string} path */
  #path(path) {
    return `${API}/sessions/${this.session?.id ?? ""}${path ? `/${path}` : ""}`;
  }

  /** Show `told` at once, and send the change. @param {Said} told @param {import("./requests.js").Change} change */
  async #while(told, change) {
    if (this.#local) {
      this.session?.said.push(told);
      this.article = null;
      this.#changed("session");
      return;
    }
    const entry = { ...told, waiting: true };
    this.pending.push(entry);
    this.#changed("session");
    try {
      await this.#take(change, () => (this.pending = this.pending.filter((one) => one !== entry)));
    } catch (error) {
      this.pending = this.pending.filter((one) => one !== entry);
      this.#changed("session");
      throw error;
    }
  }

  /** @param {import("./requests.js").Change} change @param {() => void} [before] */
  async #take(change, before) {
    const session = this.session?.id;
    if (this.#local) throw new Refused(503, "");
    try {
      const state = await this.requests.send(change);
      if (state === null || this.session?.id !== session) return;
      before?.();
      this.article = null;
      this.session = state;
      this.#changed("session");
    } catch (error) {
      if (error instanceof Refused && error.status === 410) this.forget();
      throw error;
    }
  }

  /** @param {string} what */
  #changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }
}
