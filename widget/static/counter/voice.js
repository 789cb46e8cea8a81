/**
 * The tablet's voice: the city's server where it speaks the language, else the device's own
 * voice, else none, which is told. Sound is made and played in memory.
 */

import { quiet as deviceQuiet, speak as deviceSpeak, voice as deviceVoice } from "../chat/voice.js";
import { locale } from "../chat/languages.js";

/** Pace of "slower"; 1 is usual. */
const SLOW = 0.8;

/** @typedef {{text: string, lang: string, keep: boolean}} Line */

export class Voice extends EventTarget {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioBufferSourceNode | null} */
  #playing = null;
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
    this.#context ??= new AudioContext();
    void this.#context.resume();
    this.#become(true, lines.map((line) => line.text).join("\n"));
    try {
      let next = this.#sound(lines[0], slow);
      for (let place = 0; place < lines.length && turn === this.#turn; place += 1) {
        const sound = await next;
        if (place + 1 < lines.length) next = this.#sound(lines[place + 1], slow);
        if (turn !== this.#turn) return;
        if (sound) await this.#play(sound);
        else if (deviceVoice(lines[place].lang)) await this.#device(lines[place]);
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
    this.#playing?.stop();
    this.#playing = null;
    deviceQuiet();
    if (this.speaking) this.#become(false, null);
  }

  forget() {
    this.stop();
    this.last = [];
  }

  /** @param {Line} line @param {boolean} slow @returns {Promise<AudioBuffer | null>} */
  async #sound({ text, lang, keep }, slow) {
    if (this.#mute.has(lang) || !this.#context) return null;
    try {
      const reply = await fetch("/v1/audio/speech", {
        method: "POST",
        headers: { "content-type": "application/json", "Madoguchi-Visitor": await this.visitor() },
        body: JSON.stringify({ input: text.slice(0, 4000), language: lang, response_format: "wav", speed: slow ? SLOW : 1, keep }),
        signal: AbortSignal.timeout(60_000),
      });
      if (reply.status === 400) this.#mute.add(lang);
      if (!reply.ok) return null;
      return await this.#context.decodeAudioData(await reply.arrayBuffer());
    } catch {
      return null;
    }
  }

  /** @param {AudioBuffer} sound */
  #play(sound) {
    return new Promise((resolve) => {
      const context = /** @type {AudioContext} */ (this.#context);
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.addEventListener("ended", () => resolve(null));
      this.#playing = source;
      source.start();
    });
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
