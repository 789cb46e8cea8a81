/** Runs in the audio thread: the microphone as 16-bit frames at 16 kHz, each with its level. */

import { Resampler } from "./resampler.js";

/** Samples of a frame: 64 milliseconds. */
const FRAME = 1024;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.power = 0;
    this.peak = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const [channel] = inputs[0] ?? [];
    if (channel) for (const sample of this.resampler.feed(channel)) this.#take(sample);
    return true;
  }

  /** @param {number} sample */
  #take(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.power += clipped * clipped;
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.frame[this.filled] = Math.round(clipped * 32767);
    this.filled += 1;
    if (this.filled < FRAME) return;
    const rms = Math.sqrt(this.power / FRAME);
    this.port.postMessage({ audio: this.frame.buffer, rms, peak: this.peak }, [this.frame.buffer]);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.power = 0;
    this.peak = 0;
  }
}

registerProcessor("capture", Capture);
