/**
 * The tablet's voice: the city's server where it speaks the language, else the device's own
 * voice, else none, which is told. Sound is made and played in memory.
 */

import { quiet as deviceQuiet, speak as deviceSpeak, voice as deviceVoice } from "../chat/voice.js";
import { locale } from "../chat/languages.js";
import { Wave } from "./wave.js";

/** Pace of "slower"; 1 is usual. */
const SLOW = 0.8;
/** Milliseconds that the server may take until it begins to speak. */
const PATIENCE = 60_000;

/** @typedef {{text: string, lang: string, keep: boolean}} Line */

export class Voice extends EventTarget {
  /** @type {Wave | null} */
  #wave = null;
  /** Ends what the server is asked for. */
  #over = new AbortController();
  #turn = 0;
  /** Languages that the server said it cannot speak. @type {Set<string>} */
  #mute = new Set();
  speaking = false;
  /** @type {Line[]} */
  last = [];

  /** @param {() => Promise<string>} visitor gives the token of `POST /api/visitor` */
  constructor(visitor) {
    super();
    this.visitor = visitor;
  }

  /** Speak lines one after the other; to be called inside a tap. @param {Line[]} lines @param {boolean} [slow] */
  async speak(lines, slow = false) {
    this.stop();
    if (lines.length === 0) return;
    const turn = ++this.#turn;
    this.last = lines;
    const wave = (this.#wave ??= new Wave());
    wave.wake();
    this.#over = new AbortController();
    this.#become(true, lines.map((line) => line.text).join("\n"));
    try {
      let next = this.#sound(lines[0], slow);
      for (let place = 0; place < lines.length && turn === this.#turn; place += 1) {
        const sound = await next;
        const arrived = sound !== null && (await wave.arrive(sound, () => turn === this.#turn));
        if (turn !== this.#turn) return;
        // The server makes the next line while this one is still heard.
        if (place + 1 < lines.length) next = this.#sound(lines[place + 1], slow);
        await wave.heard();
        if (turn !== this.#turn) return;
        if (arrived) continue;
        if (deviceVoice(lines[place].lang)) await this.#device(lines[place]);
        else this.dispatchEvent(new CustomEvent(this.#mute.has(lines[place].lang) ? "mute" : "unmade", { detail: lines[place].lang }));
      }
    } finally {
      if (turn === this.#turn) this.#become(false, null);
    }
  }

  /** @param {boolean} slow */
  again(slow) {
    return this.speak(this.last, slow);
  }

  stop() {
    this.#turn += 1;
    this.#over.abort();
    this.#wave?.stop();
    deviceQuiet();
    if (this.speaking) this.#become(false, null);
  }

  forget() {
    this.stop();
    this.last = [];
  }

  /** Ask the server; it answers when the first clause is made. @param {Line} line @param {boolean} slow @returns {Promise<ReadableStream<Uint8Array> | null>} */
  async #sound({ text, lang, keep }, slow) {
    if (this.#mute.has(lang)) return null;
    const over = this.#over;
    const late = setTimeout(() => over.abort(), PATIENCE);
    try {
      const reply = await fetch("/v1/audio/speech", {
        method: "POST",
        headers: { "content-type": "application/json", "Madoguchi-Visitor": await this.visitor() },
        body: JSON.stringify({ input: text.slice(0, 4000), language: lang, response_format: "wav", speed: slow ? SLOW : 1, keep }),
        signal: over.signal,
      });
      if (reply.status === 400) this.#mute.add(lang);
      return reply.ok ? reply.body : null;
    } catch {
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {Line} line */
  #device({ text, lang }) {
    return new Promise((resolve) => deviceSpeak(text, locale(lang), () => resolve(null)));
  }

  /** @param {boolean} speaking @param {string | null} text */
  #become(speaking, text) {
    this.speaking = speaking;
    this.dispatchEvent(new CustomEvent("state", { detail: text }));
  }
}
