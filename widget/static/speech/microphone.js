/**
 * The microphone of a page: what is said becomes text.
 *
 * ```js
 * const microphone = new Microphone({ base: "/", lang: "ja", visitor });
 * microphone.addEventListener("partial", ({ detail }) => show(detail.stable, detail.unstable));
 * microphone.addEventListener("final", ({ detail }) => ask(detail.transcript, detail.kana));
 * button.addEventListener("click", () => microphone.start());
 * ```
 *
 * Events, each with a `detail`: `state` (one of STATES), `level` {rms, peak} from 0 to 1,
 * `started` and `stopped` {item_id}, `partial` {item_id, stable, unstable}, `final` {item_id,
 * transcript, kana, language, terms, rejected}, `waiting` {item_id, position, seconds},
 * `language` {language, chosen}, `problem` {code, message}: the words of the desk, or none
 * where the browser refuses (`denied`, `missing`, `unreadable`, `unsupported`).
 */

import { Connection } from "./connection.js";

export const STATES = /** @type {const} */ (["off", "starting", "listening", "lost", "finishing"]);

/** @typedef {typeof STATES[number]} State */
/** @typedef {import("./session.js").SpeechEvent} SpeechEvent */

/** What a browser's refusal is called here. */
const PROBLEMS = new Map([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["OverconstrainedError", "missing"],
]);

/** Milliseconds that `stop` waits for the last final text. */
const LAST = 15_000;

const CONSTRAINTS = {
  audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

export class Microphone extends EventTarget {
  /** @type {State} */
  #state = "off";
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {Connection | null} */
  #connection = null;
  /** @type {{transcription?: object}} */
  #settings = {};

  /**
   * @param {object} options
   * @param {string} options.base the address of the help desk, ending in a slash
   * @param {string} options.lang the language of the page
   * @param {() => Promise<string>} options.visitor gives the token of `POST /api/visitor`
   */
  constructor(options) {
    super();
    this.options = options;
    this.visible = () => {
      if (document.visibilityState === "visible") void this.#rebuild();
    };
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** Listen. To be called inside a tap or click: iPads let audio begin nowhere else. */
  async start() {
    if (this.#state !== "off") return;
    if (!navigator.mediaDevices?.getUserMedia || !("AudioWorkletNode" in globalThis)) {
      this.#tell("problem", { code: "unsupported", message: "" });
      return;
    }
    this.#become("starting");
    // Made and resumed before anything is waited for, while the tap still counts.
    const context = this.#newContext();
    this.#open();
    try {
      await this.#capture(context);
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      this.#release();
      this.#tell("problem", { code: PROBLEMS.get(name) ?? "unreadable", message: "" });
      return;
    }
    document.addEventListener("visibilitychange", this.visible);
    if (this.state === "starting") this.#become("listening");
  }

  /** Stop listening, and wait for the text of what was said. */
  async stop() {
    const connection = this.#connection;
    if (!connection || this.#state === "finishing") return;
    this.#become("finishing");
    this.#silence();
    connection.send(connection.session.commit());
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, LAST);
      this.addEventListener("state", () => (clearTimeout(timer), resolve(null)), { once: true });
    });
    this.#release();
  }

  /** The utterance ends here (push-to-talk); the microphone stays on. */
  commit() {
    this.#send((session) => session.commit());
  }

  /** @param {string | null} lang the language spoken, chosen by staff; null: found out */
  language(lang) {
    this.#set({ transcription: { ...this.#settings.transcription, language: lang } });
  }

  /** @param {string} question what the speaker was asked just before, in their language; empty: nothing */
  question(question) {
    this.#set({ transcription: { ...this.#settings.transcription, prompt: question } });
  }

  /** @param {number | null} silence milliseconds that end an utterance; null: `commit` ends it */
  turns(silence) {
    const detection = silence === null ? null : { type: "server_vad", silence_duration_ms: silence };
    this.#set({ turn_detection: detection });
  }

  /** The page says `text` aloud, or (null) is silent again: it does not hear itself. @param {string | null} text */
  playing(text) {
    this.#send((session) => session.playing(text));
  }

  /** @param {object} input */
  #set(input) {
    this.#settings = { ...this.#settings, ...input };
    this.#send((session) => session.settings(input));
  }

  /** @param {(session: import("./session.js").SpeechSession) => import("./session.js").Message[]} what */
  #send(what) {
    if (this.#connection) this.#connection.send(what(this.#connection.session));
  }

  #open() {
    const connection = new Connection({
      ...this.options,
      heard: (event) => this.#heard(event),
      changed: (state) => this.#changed(state),
    });
    connection.session.settings(this.#settings);
    this.#connection = connection;
    connection.open();
  }

  #newContext() {
    const context = new AudioContext();
    void context.resume();
    this.#context = context;
    return context;
  }

  /** @param {AudioContext} context */
  async #capture(context) {
    const stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    if (this.#context !== context) {
      stop(stream);
      return;
    }
    this.#stream = stream;
    await context.audioWorklet.addModule(new URL("./capture.js", import.meta.url).href);
    await context.resume();
    const node = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => {
      this.#send((session) => session.audio(data.audio));
      this.#tell("level", { rms: data.rms, peak: data.peak });
    };
    context.createMediaStreamSource(stream).connect(node);
    for (const track of stream.getTracks()) {
      track.addEventListener("ended", () => {
        if (document.visibilityState === "visible" && this.#stream === stream) void this.#rebuild();
      });
    }
  }

  /** After the page was in the background, iPads leave a context that is dead or interrupted. */
  async #rebuild() {
    if (this.#state !== "listening" && this.#state !== "lost") return;
    const live = this.#stream?.getTracks().every((track) => track.readyState === "live");
    if (live && this.#context?.state === "running") return;
    this.#silence();
    try {
      await this.#capture(this.#newContext());
    } catch {
      this.#release();
      this.#tell("problem", { code: "unreadable", message: "" });
    }
  }

  /** @param {"connected" | "lost" | "closed"} state */
  #changed(state) {
    if (state === "closed") this.#release();
    else if (state === "lost" && this.#state === "listening") this.#become("lost");
    else if (state === "connected" && this.#state === "lost") this.#become("listening");
  }

  /** @param {SpeechEvent} event */
  #heard(event) {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        this.#tell("started", event);
        break;
      case "input_audio_buffer.speech_stopped":
        this.#tell("stopped", event);
        break;
      case "partial":
      case "waiting":
        this.#tell(event.type, event);
        break;
      case "conversation.item.input_audio_transcription.completed":
        this.#tell("final", event);
        break;
      case "session.updated":
        this.#tell("language", {
          language: event.session.audio.input.transcription.language,
          chosen: event.session.language_set,
        });
        break;
      case "conversation.item.input_audio_transcription.failed":
        this.#tell("problem", event.error);
        break;
      case "error":
        if (!this.#expected(event.error.code)) this.#tell("problem", event.error);
    }
    if (this.#state === "finishing" && this.#connection?.session.finished) this.#release();
  }

  /** @param {string} code */
  #expected(code) {
    const finishing = this.#state === "finishing" && code === "input_audio_buffer_commit_empty";
    return finishing || code === "session_unknown";
  }

  #silence() {
    if (this.#stream) stop(this.#stream);
    if (this.#context && this.#context.state !== "closed") void this.#context.close();
    this.#stream = null;
    this.#context = null;
  }

  #release() {
    document.removeEventListener("visibilitychange", this.visible);
    this.#silence();
    this.#connection?.close();
    this.#connection = null;
    this.#become("off");
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell("state", { state });
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
