/**
 * A conversation without a page: what was asked, what was answered, and what to do when the
 * network goes away. Everything it needs from outside is handed in, so it can be tested alone.
 *
 * A question is kept before it is sent and goes out with a request id of its own. After a reload,
 * a lost connection or a restart of the server it is sent again with that id, and the server
 * gives the answer it has already given: nothing is lost and nothing is doubled.
 */

import { Refusal } from "./transport.js";

/**
 * @typedef {import("./transport.js").Answer} Answer
 * @typedef {import("./transport.js").Block} Block
 * @typedef {import("./storage.js").Pending} Pending
 * @typedef {"waiting" | "streaming" | "done" | "stopped" | "offline" | "retrying" | "failed"} State
 * @typedef {{key: string, id: string | null, question: string, lang: string, state: State,
 *   blocks: Block[], answer: Answer | null, message: string, pending: Pending | null}} Turn
 * @typedef {{
 *   transport: {
 *     ask(body: any, signal: AbortSignal): AsyncIterable<{name: string, data: any}>,
 *     transcript(token: string): Promise<any[]>,
 *     forget(token: string): Promise<void>,
 *   },
 *   storage: {read(): any, write(kept: any): void, clear(): void},
 *   token: () => string,
 *   wait: (milliseconds: number) => Promise<void>,
 *   online: () => boolean,
 *   changed: (turn: Turn | null) => void,
 * }} Surroundings
 */

/** Seconds between attempts; together about two minutes, longer than a server takes to restart. */
export const DELAYS = [1, 2, 4, 8, 15, 15, 15, 15, 15, 15, 15];

export class Conversation {
  /** @type {Turn[]} */
  turns = [];
  /** @type {string | null} */
  token = null;
  settings = { lang: "ja", furigana: true, open: true };

  #outside;
  /** @type {AbortController | null} */
  #abort = null;
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.#outside = surroundings;
  }

  /** The turn that is being answered, if any. */
  get busy() {
    return this.turns.find((turn) => turn.pending && !["stopped", "failed"].includes(turn.state)) ?? null;
  }

  /** Take up what this tab kept: the turns so far, and a question that was not yet answered. */
  async restore() {
    const kept = this.#outside.storage.read();
    if (!kept) return;
    this.token = kept.token;
    this.settings = { lang: kept.lang, furigana: kept.furigana, open: kept.open };
    /** @type {Pending | null} */
    const pending = kept.pending;
    if (pending) await this.#send(this.#begin(pending));
    try {
      const turns = (await this.#outside.transport.transcript(kept.token)).map(finished);
      const open = this.turns.filter((turn) => !turns.some((known) => known.id && known.id === turn.id));
      this.turns = [...turns, ...open];
    } catch {
      // What cannot be read now is still on the server; the next reload shows it.
    }
    this.#outside.changed(null);
  }

  /**
   * Ask a question; false while another one is being answered.
   * @param {string} question
   * @param {{lang: string, topic?: string, label?: string}} about
   * @returns {Promise<boolean>}
   */
  async ask(question, { lang, topic, label }) {
    if (this.busy || !question.trim()) return false;
    this.token ??= this.#outside.token();
    for (const turn of this.turns) turn.pending = null;
    const turn = this.#begin({
      question,
      label: label ?? question,
      lang,
      request_id: this.#outside.token(),
      ...(topic ? { topic } : {}),
    });
    this.keep();
    await this.#send(turn);
    return true;
  }

  /** Stop the answer that is under way. */
  stop() {
    this.#abort?.abort();
    this.#wake?.();
  }

  /** The network is back: try at once. */
  resume() {
    this.#wake?.();
  }

  /** @param {Turn} turn a stopped or failed one */
  async retry(turn) {
    if (this.busy || !turn.pending) return;
    await this.#send(turn);
  }

  /** Delete the conversation here and on the server; throws where the server cannot be reached. */
  async end() {
    this.stop();
    if (this.token) await this.#outside.transport.forget(this.token);
    this.#outside.storage.clear();
    this.token = null;
    this.turns = [];
    this.#outside.changed(null);
  }

  /** Keep what a reload needs; nothing before the first question. */
  keep() {
    if (!this.token) return;
    const pending = this.turns.findLast((turn) => turn.pending)?.pending ?? null;
    this.#outside.storage.write({ token: this.token, ...this.settings, pending });
  }

  /** @param {Pending} pending @returns {Turn} */
  #begin(pending) {
    /** @type {Turn} */
    const turn = {
      key: pending.request_id,
      id: null,
      question: pending.label,
      lang: pending.lang,
      state: "waiting",
      blocks: [],
      answer: null,
      message: "",
      pending,
    };
    this.turns.push(turn);
    return turn;
  }

  /** @param {Turn} turn */
  async #send(turn) {
    const abort = (this.#abort = new AbortController());
    for (let attempt = 0; turn.pending; attempt += 1) {
      try {
        this.#to(turn, "waiting", { blocks: [], message: "" });
        await this.#receive(turn, abort.signal);
        break;
      } catch (error) {
        if (abort.signal.aborted) this.#to(turn, "stopped");
        else await this.#pause(turn, error, attempt);
        if (abort.signal.aborted && turn.state !== "stopped") this.#to(turn, "stopped");
        if (turn.state === "failed" || turn.state === "stopped") break;
      }
    }
    this.keep();
  }

  /** @param {Turn} turn @param {AbortSignal} signal */
  async #receive(turn, signal) {
    const pending = /** @type {Pending} */ (turn.pending);
    const { label: _, ...request } = pending;
    const body = { ...request, conversation: this.token };
    for await (const { name, data } of this.#outside.transport.ask(body, signal)) {
      if (name === "start") this.#to(turn, "streaming");
      else if (name === "block") this.#to(turn, "streaming", { blocks: [...turn.blocks, data] });
      else if (name === "end") {
        // The id may be known already when the same request was answered before.
        this.turns = this.turns.filter((other) => other === turn || !other.id || other.id !== data.turn);
        this.#to(turn, "done", { answer: data, blocks: data.blocks, id: data.turn, lang: data.lang, pending: null });
        return;
      }
    }
    throw new TypeError("the answer was cut short");
  }

  /**
   * Wait before the next attempt, or give up.
   * @param {Turn} turn
   * @param {unknown} error
   * @param {number} attempt
   */
  async #pause(turn, error, attempt) {
    const refused = error instanceof Refusal;
    const seconds = refused ? error.retryAfter : DELAYS[attempt];
    if (refused && error.message) turn.message = error.message;
    if (seconds === null || seconds === undefined || attempt >= DELAYS.length) {
      this.#to(turn, "failed");
      return;
    }
    const woken = new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    if (this.#outside.online()) {
      this.#to(turn, "retrying");
      await Promise.race([woken, this.#outside.wait(seconds * 1000)]);
    } else {
      this.#to(turn, "offline");
      await woken;
    }
    this.#wake = null;
  }

  /** @param {Turn} turn @param {State} state @param {Partial<Turn>} [change] */
  #to(turn, state, change = {}) {
    Object.assign(turn, change, { state });
    this.#outside.changed(turn);
  }
}

/**
 * A turn out of the server's transcript.
 * @param {import("./transport.js").Kept} kept
 * @returns {Turn}
 */
function finished(kept) {
  return {
    key: kept.turn,
    id: kept.turn,
    question: kept.question,
    lang: kept.lang,
    state: "done",
    blocks: kept.answer.blocks,
    answer: { ...kept.answer, turn: kept.turn },
    message: "",
    pending: null,
  };
}
