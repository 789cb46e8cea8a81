/** What goes over the network: questions and their streamed answers, ratings, the transcript. */

import { EventParser } from "./events.js";

/**
 * @typedef {{question: string, lang: string, conversation: string, request_id: string, topic?: string}} Request
 * @typedef {{type: string, lang: string, [field: string]: any}} Block
 * @typedef {{slug: string, title: string, lang: string, version: number, effective_from: string,
 *   checked_on: string, url: string, section: string, page: number | null}} Source
 * @typedef {{status: string, lang: string, answer: string, blocks: Block[], sources: Source[],
 *   suggestions: string[], turn: string | null}} Answer
 * @typedef {{turn: string, question: string, lang: string, answer: Answer}} Kept
 */

/** Milliseconds without a byte after which a connection counts as lost. */
const SILENCE = 45_000;

/** The kinds of refusals whose message is written for residents, in their language. */
const TOLD = ["Busy", "AssistantOff"];

/** The server understood and said no; `retryAfter` (seconds) where it may be asked again. */
export class Refusal extends Error {
  /**
   * @param {string} message words for the resident, or nothing
   * @param {number | null} retryAfter
   */
  constructor(message, retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

export class Transport {
  /** What this page shows with its questions; fetched with the first one. */
  #visitor = "";

  /** @param {string} base the address of the help desk, ending in a slash */
  constructor(base) {
    this.base = base;
  }

  /**
   * Ask, and yield `{name, data}` for each event of the answer: `start`, `block`…, `end`.
   * @param {Request} body
   * @param {AbortSignal} signal
   */
  async *ask(body, signal) {
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort());
    let timer = setTimeout(() => stop.abort(), SILENCE);
    const reply = await this.#post("api/chat", body, stop.signal, "text/event-stream");
    if (!reply.ok || !reply.body) throw await refusal(reply);
    const parser = new EventParser();
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), SILENCE);
        for (const event of parser.push(value)) yield { name: event.name, data: JSON.parse(event.data) };
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} token @returns {Promise<Kept[]>} */
  async transcript(token) {
    return (await this.#json(`api/conversations/${token}`)).turns;
  }

  /** @param {string} token */
  async forget(token) {
    const reply = await this.#fetch(`api/conversations/${token}`, { method: "DELETE" });
    if (!reply.ok) throw await refusal(reply);
  }

  /** @param {string} turn @param {"good" | "bad"} rating @param {string} reason */
  async rate(turn, rating, reason) {
    const reply = await this.#post("api/feedback", { turn, rating, reason });
    if (!reply.ok) throw await refusal(reply);
  }

  /** @param {string} lang @returns {Promise<import("./notice.js").Notice | null>} */
  async notice(lang) {
    return this.#json(`api/notice?lang=${encodeURIComponent(lang)}`);
  }

  /** @param {string} lang */
  async welcome(lang) {
    return this.#json(`api/welcome?lang=${encodeURIComponent(lang)}`);
  }

  /**
   * The QR code of a page as the box and the path of a drawing.
   * @param {string} url
   */
  async code(url) {
    const reply = await this.#fetch(`api/qr?text=${encodeURIComponent(url)}`);
    if (!reply.ok) throw await refusal(reply);
    const svg = await reply.text();
    const [, box = ""] = svg.match(/viewBox="([\d ]+)"/) ?? [];
    const [, path = ""] = svg.match(/ d="([^"]+)"/) ?? [];
    return { box, path };
  }

  /**
   * Post with the visitor's token; one that has expired is replaced once.
   * @param {string} path
   * @param {unknown} body
   * @param {AbortSignal} [signal]
   * @param {string} [accept]
   */
  async #post(path, body, signal, accept = "*/*") {
    for (let renewed = false; ; renewed = true) {
      this.#visitor ||= (await this.#json("api/visitor", { method: "POST", signal })).token;
      const headers = { "content-type": "application/json", accept, "madoguchi-visitor": this.#visitor };
      const reply = await this.#fetch(path, { method: "POST", signal, headers, body: JSON.stringify(body) });
      if (reply.status !== 401 || renewed) return reply;
      this.#visitor = "";
    }
  }

  /** @param {string} path @param {RequestInit} [options] */
  async #json(path, options) {
    const reply = await this.#fetch(path, options);
    if (!reply.ok) throw await refusal(reply);
    return reply.json();
  }

  /** @param {string} path @param {RequestInit} [options] */
  #fetch(path, options) {
    return fetch(new URL(path, this.base), { credentials: "omit", cache: "no-store", ...options });
  }
}

/**
 * What a reply that is no answer means: a Refusal, or a failure of the network that may pass.
 * @param {Response} reply
 */
async function refusal(reply) {
  const waits = [429, 503].includes(reply.status);
  let error;
  try {
    error = (await reply.json()).error;
  } catch {
    error = null;
  }
  if (!error && reply.status >= 500) return new TypeError(`status ${reply.status}`);
  const seconds = Number(reply.headers.get("retry-after"));
  const retry = seconds > 0 ? seconds : error?.type === "Busy" ? 5 : null;
  return new Refusal(TOLD.includes(error?.type) ? String(error.message) : "", waits ? retry : null);
}
