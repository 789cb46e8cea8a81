/**
 * A speaker's side of `/api/speech` without a network: what to send, and what to send again
 * after a lost connection. The same rules as in speech/session_client.py.
 */

/** Frames that are kept for a connection that comes back: a minute. */
const KEPT = 940;

/** @typedef {string | ArrayBuffer} Message */
/** @typedef {{type: string, event_id: string, [field: string]: any}} SpeechEvent */

export class SpeechSession {
  /** @type {{number: number, message: ArrayBuffer}[]} */
  #frames = [];
  #number = 0;
  #frameMs = 64;
  /** @type {string | null} */
  #id = null;
  #fresh = "";
  #last = "";
  #flowing = false;
  #committing = false;
  #committed = false;
  #base = 0;
  #done = 0;
  /** Utterances without a final text, with their ends in milliseconds of the speaker. */
  #open = new Map();
  /** @type {object} */
  #settings = {};
  /** @type {string | null} */
  #playing = null;

  /** Whether everything that was said has its final text. */
  get finished() {
    return this.#committed && this.#open.size === 0;
  }

  /** What is sent first over a new connection. @returns {Message[]} */
  connected() {
    this.#flowing = false;
    if (this.#id === null) return [];
    return [say("resume", { session_id: this.#id, last_event_id: this.#last })];
  }

  /** @param {ArrayBuffer} audio PCM16 @returns {Message[]} */
  audio(audio) {
    const message = new Uint8Array(4 + audio.byteLength);
    new DataView(message.buffer).setUint32(0, this.#number, true);
    message.set(new Uint8Array(audio), 4);
    this.#frames.push({ number: this.#number, message: message.buffer });
    this.#number += 1;
    if (this.#frames.length > KEPT) this.#frames.shift();
    this.#frameMs = audio.byteLength / 32;
    this.#committed = this.#committing = false;
    return this.#flowing ? [message.buffer] : [];
  }

  /** The utterance ends here. @returns {Message[]} */
  commit() {
    this.#committing = true;
    return this.#flowing ? [say("input_audio_buffer.commit")] : [];
  }

  /** @param {object} input settings under `session.audio.input` @returns {Message[]} */
  settings(input) {
    this.#settings = { ...this.#settings, ...input };
    return this.#flowing ? [this.#update()] : [];
  }

  /** The device says `text` aloud, or (null) is silent. @param {string | null} text @returns {Message[]} */
  playing(text) {
    this.#playing = text;
    if (!this.#flowing) return [];
    return [text === null ? say("playback.stopped") : say("playback.started", { text })];
  }

  /** @param {SpeechEvent} event @returns {Message[]} */
  received(event) {
    if (event.type === "session.created") {
      this.#fresh = event.session.id;
      return this.#id === null ? this.#begin() : [];
    }
    if (event.type === "resumed") {
      return this.#flow(this.#frames.filter((frame) => frame.number >= event.next_frame), []);
    }
    const code = event.type === "error" ? event.error.code : null;
    if (code === "session_unknown") return this.#begin();
    if (this.#flowing) this.#last = event.event_id;
    if (code === "input_audio_buffer_commit_empty" && this.#committing) this.#committed = true;
    this.#follow(event);
    return [];
  }

  /** @param {SpeechEvent} event */
  #follow(event) {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        this.#open.set(event.item_id, 0);
        break;
      case "input_audio_buffer.speech_stopped":
        this.#open.set(event.item_id, this.#base + event.audio_end_ms);
        break;
      case "input_audio_buffer.committed":
        this.#committed = this.#committing;
        break;
      case "conversation.item.input_audio_transcription.completed":
      case "conversation.item.input_audio_transcription.failed":
        this.#done = Math.max(this.#done, this.#open.get(event.item_id) ?? 0);
        this.#open.delete(event.item_id);
    }
  }

  /** Go on in a new session, with everything that has no final text yet. */
  #begin() {
    this.#id = this.#fresh;
    this.#last = "";
    this.#open.clear();
    const left = this.#frames.filter((frame) => (frame.number + 1) * this.#frameMs > this.#done);
    this.#base = (left[0]?.number ?? this.#number) * this.#frameMs;
    return this.#flow(left, Object.keys(this.#settings).length ? [this.#update()] : []);
  }

  /** @param {{message: ArrayBuffer}[]} frames @param {Message[]} first @returns {Message[]} */
  #flow(frames, first) {
    this.#flowing = true;
    const messages = [...first, ...frames.map((frame) => frame.message)];
    if (this.#playing !== null) messages.push(say("playback.started", { text: this.#playing }));
    if (this.#committing && !this.#committed) messages.push(say("input_audio_buffer.commit"));
    return messages;
  }

  #update() {
    return say("session.update", { session: { type: "transcription", audio: { input: this.#settings } } });
  }
}

/** @param {string} type @param {object} [fields] */
function say(type, fields = {}) {
  return JSON.stringify({ type, ...fields });
}
