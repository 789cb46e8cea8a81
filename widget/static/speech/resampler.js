/** From the sample rate of the device to the 16 kHz that are recognised. */

export const RATE = 16_000;

/** Taps on each side of a sample, counted at the lower of the two rates. */
const HALF_WIDTH = 16;

/** Where the filter begins to fall, as a part of half the lower rate: nothing folds back. */
const CUT = 0.92;

/**
 * A windowed sinc (Hann). Feed it blocks of any length; what comes out is
 * continuous over their borders.
 */
export class Resampler {
  /** @param {number} from samples a second of what is fed */
  constructor(from) {
    this.step = from / RATE;
    this.half = Math.ceil(HALF_WIDTH * Math.max(1, this.step));
    this.cut = CUT / Math.max(1, this.step);
    this.kept = new Float32Array(this.half);
    /** Where the next sample lies in what is kept, in samples of the device. */
    this.next = this.half;
  }

  /**
   * @param {Float32Array} block
   * @returns {Float32Array}
   */
  feed(block) {
    const input = new Float32Array(this.kept.length + block.length);
    input.set(this.kept);
    input.set(block, this.kept.length);
    const count = Math.max(0, Math.floor((input.length - this.half - this.next) / this.step) + 1);
    const output = new Float32Array(count);
    for (let n = 0; n < count; n += 1) output[n] = this.#at(input, this.next + n * this.step);
    this.next += count * this.step;
    const drop = Math.max(0, Math.floor(this.next) - this.half);
    this.kept = input.slice(drop);
    this.next -= drop;
    return output;
  }

  /** @param {Float32Array} input @param {number} place */
  #at(input, place) {
    const first = Math.ceil(place - this.half);
    const last = Math.min(input.length - 1, Math.floor(place + this.half));
    let sum = 0;
    for (let n = Math.max(0, first); n <= last; n += 1) {
      const x = n - place;
      const angle = Math.PI * x * this.cut;
      const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
      sum += input[n] * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / this.half));
    }
    return sum * this.cut;
  }
}
