/** Plays a WAV while it arrives: its first clause is heard while the next is being made. */

/** Samples a second of the packaged voice; another rate is played too. */
const RATE = 24_000;
/** Seconds of sound that are played as one piece, but for the first and the last. */
const PIECE = 0.5;

/** The pieces of one voice, one after the other without a gap where they come in time. */
export class Wave {
  // At the rate of the voice nothing is resampled, and pieces join without a sound.
  #context = new AudioContext({ sampleRate: RATE });
  /** @type {Set<AudioBufferSourceNode>} */
  #playing = new Set();
  /** Second of the context at which everything so far is over. */
  #over = 0;
  #quiet = () => {};

  /** To be called inside a tap: elsewhere iPads let no sound begin. */
  wake() {
    void this.#context.resume();
  }

  /**
   * Play a WAV of 16 bits and one channel; returns whether all of it has arrived.
   * @param {ReadableStream<Uint8Array>} stream
   * @param {() => boolean} wanted whether to go on
   */
  async arrive(stream, wanted) {
    const reader = stream.getReader();
    let bytes = new Uint8Array(0);
    let rate = 0;
    let least = 2;
    try {
      for (let last = false; !last && wanted(); ) {
        const { done, value } = await reader.read();
        last = done;
        if (value) bytes = joined(bytes, value);
        const head = rate ? { rate, start: 0 } : headOf(bytes);
        if (!head) continue;
        rate = head.rate;
        bytes = bytes.subarray(head.start);
        const size = bytes.length - (bytes.length % 2);
        if (!wanted() || size < (last ? 2 : least)) continue;
        this.#play(bytes.slice(0, size), rate);
        bytes = bytes.subarray(size);
        least = 2 * PIECE * rate;
      }
      return rate > 0;
    } catch {
      return false;
    } finally {
      void reader.cancel().catch(() => {});
    }
  }

  /** Returns when what has arrived was heard, or was stopped. @returns {Promise<void>} */
  heard() {
    return new Promise((resolve) => {
      this.#quiet = resolve;
      if (this.#playing.size === 0) resolve();
    });
  }

  stop() {
    for (const source of this.#playing) source.stop();
    this.#playing.clear();
    this.#over = 0;
    this.#quiet();
  }

  /** @param {Uint8Array} bytes @param {number} rate */
  #play(bytes, rate) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const buffer = this.#context.createBuffer(1, bytes.length / 2, rate);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(2 * at, true) / 32768;
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    source.addEventListener("ended", () => {
      this.#playing.delete(source);
      if (this.#playing.size === 0) this.#quiet();
    });
    this.#playing.add(source);
    const start = Math.max(this.#over, this.#context.currentTime);
    source.start(start);
    this.#over = start + buffer.duration;
  }
}

/** Samples a second, and where the sound begins; null while the head has not all arrived. @param {Uint8Array} bytes */
function headOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    if (name === "data") return { rate: rate || RATE, start: at + 8 };
    if (name === "fmt " && at + 16 <= bytes.length) rate = view.getUint32(at + 12, true);
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return null;
}

/** @param {Uint8Array} before @param {Uint8Array} after */
function joined(before, after) {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
