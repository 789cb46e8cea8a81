/**
 * What the tablet asks of the server. Changes wait in one line while the network is down and
 * are sent in order when it is back, each with a number by which the server knows it again.
 * Nothing of it is ever written to the device.
 */

/** Answers whoever asks, and keeps nobody's session alive. */
const HEALTH = "/healthz";

/** Milliseconds before each further attempt; the last one is repeated. */
const WAITS = [500, 1000, 2000, 4000];

/** Milliseconds between two looks whether a lost network is back, where nothing waits to be sent. */
const LOOK = 3000;

/** A reply that says no, with the status of the server and its words. */
export class Refused extends Error {
  /** @param {number} status @param {string} words */
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** @typedef {{method: string, path: string, body?: object}} Change */

export class Requests extends EventTarget {
  /** @type {Promise<unknown>} */
  #line = Promise.resolve();
  /** @type {(() => void) | null} */
  #wake = null;
  #generation = 0;
  /** @type {number | undefined} */
  #timer;
  #told = "";
  waiting = 0;
  online = true;

  constructor() {
    super();
    addEventListener("online", () => (this.#wake?.(), void this.reaches(HEALTH)));
    addEventListener("offline", () => this.#tell(false));
  }

  /** Read something; the network may be down: then this throws. @param {string} path */
  async read(path) {
    const reply = await fetch(path, { headers: { accept: "application/json" } });
    return taken(reply);
  }

  /** Whether the server answers at all. @param {string} path */
  async reaches(path) {
    try {
      await fetch(path, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(5000) });
      this.#tell(true);
    } catch {
      this.#tell(false);
    }
    return this.online;
  }

  /**
   * Change something, after all that waits before it; throws `Refused`.
   * @param {Change} change
   * @returns {Promise<any>} the reply, or null where `forget` came first
   */
  send(change) {
    const number = crypto.randomUUID?.() ?? String(Math.random());
    const generation = this.#generation;
    this.waiting += 1;
    const sent = this.#line.then(() => this.#until(change, number, generation));
    this.#line = sent.catch(() => undefined);
    return sent.finally(() => {
      this.waiting -= 1;
      this.#tell(this.online);
    });
  }

  /** Give up whatever waits: the conversation is over. */
  forget() {
    this.#generation += 1;
    this.#wake?.();
  }

  /** @param {Change} change @param {string} number @param {number} generation */
  async #until({ method, path, body }, number, generation) {
    for (let attempt = 0; generation === this.#generation; attempt += 1) {
      try {
        const reply = await fetch(path, {
          method,
          headers: { accept: "application/json", "content-type": "application/json", "x-form-token": token(), "x-request-id": number },
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        this.#tell(true);
        return await taken(reply);
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.#tell(false);
        await this.#pause(WAITS[Math.min(attempt, WAITS.length - 1)]);
      }
    }
    return null;
  }

  /** @param {number} milliseconds */
  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), milliseconds);
      this.#wake = () => (clearTimeout(timer), resolve(null));
    });
  }

  /** @param {boolean} online */
  #tell(online) {
    this.online = online;
    clearTimeout(this.#timer);
    if (!online) this.#timer = setTimeout(() => void this.reaches(HEALTH), LOOK);
    // Told again only where it is news: a screen reader reads it out.
    const told = `${online} ${this.waiting}`;
    if (told === this.#told) return;
    this.#told = told;
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {Response} reply */
async function taken(reply) {
  const type = reply.headers.get("content-type") ?? "";
  const body = type.includes("json") ? await reply.json() : {};
  if (!reply.ok || reply.redirected) throw new Refused(reply.redirected ? 401 : reply.status, body.error?.message ?? "");
  return body;
}

function token() {
  return document.querySelector("meta[name=form-token]")?.getAttribute("content") ?? "";
}
