/** Ten minutes without anybody: a warning a minute before, then everything is wiped. */

/** Seconds of warning. */
const WARNING = 60;

export class Idle extends EventTarget {
  /** @type {number | undefined} */
  #timer;
  #last = 0;
  #told = 0;

  /** @param {number} seconds after which a session is wiped */
  constructor(seconds) {
    super();
    this.seconds = seconds;
    this.warning = Math.min(WARNING, seconds / 2);
  }

  start() {
    this.#last = this.#told = Date.now();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), 1000);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Somebody did something; the server hears of it now and then (`touch`). */
  used() {
    this.#last = Date.now();
    if (this.#last - this.#told < 60_000) return;
    this.#told = this.#last;
    this.dispatchEvent(new Event("touch"));
  }

  // By the clock and not by counting: a tablet that slept wipes the session when it wakes.
  #look() {
    const left = Math.ceil(this.seconds - (Date.now() - this.#last) / 1000);
    if (left <= 0) {
      this.stop();
      this.dispatchEvent(new Event("over"));
    } else if (left <= this.warning) this.dispatchEvent(new CustomEvent("warning", { detail: left }));
  }
}
