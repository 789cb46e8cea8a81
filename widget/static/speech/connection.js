/** A WebSocket to `/api/speech` that comes back by itself. */

import { SpeechSession } from "./session.js";

/** Milliseconds before each attempt to come back; the last one is repeated. */
const WAITS = [200, 500, 1000, 2000, 4000, 8000];

/** How long, in milliseconds, a session is worth coming back for. */
const PATIENCE = 120_000;

/** Close codes with which the desk says that it does not want this connection. */
const REFUSED = [1008, 1013];

/** @typedef {import("./session.js").SpeechEvent} SpeechEvent */
/** @typedef {import("./session.js").Message} Message */

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #lostAt = 0;
  #over = false;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {string} options.base the address of the help desk, ending in a slash
   * @param {string} options.lang the language of the page
   * @param {() => Promise<string>} options.visitor gives the token of `POST /api/visitor`
   * @param {(event: SpeechEvent) => void} options.heard gets every event of the desk
   * @param {(state: "connected" | "lost" | "closed") => void} options.changed
   */
  constructor(options) {
    this.session = new SpeechSession();
    this.options = options;
    this.wake = () => this.#again(0);
  }

  open() {
    addEventListener("online", this.wake);
    void this.#connect();
  }

  /** @param {Message[]} messages */
  send(messages) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const message of messages) this.#socket.send(message);
  }

  /** End the session; nothing more is wanted. */
  close() {
    this.#over = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.wake);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  async #connect() {
    let token = "";
    try {
      token = await this.options.visitor();
    } catch {
      this.#gone();
      return;
    }
    if (this.#over) return;
    const address = new URL("api/speech", this.options.base);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = new URLSearchParams({ lang: this.options.lang, visitor: token }).toString();
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => this.send(this.session.connected()));
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => {
      if (this.#socket === socket) this.#gone(REFUSED.includes(code));
    });
  }

  /** @param {SpeechEvent} event */
  #take(event) {
    this.#attempt = 0;
    this.#lostAt = 0;
    const answers = this.session.received(event);
    this.send(answers);
    if (answers.length > 0 || event.type === "session.created") this.options.changed("connected");
    this.options.heard(event);
  }

  #gone(refused = false) {
    this.#socket = null;
    if (this.#over) return;
    this.#lostAt ||= Date.now();
    if (refused || Date.now() - this.#lostAt > PATIENCE) {
      this.close();
      this.options.changed("closed");
      return;
    }
    this.options.changed("lost");
    this.#again(WAITS[Math.min(this.#attempt, WAITS.length - 1)]);
    this.#attempt += 1;
  }

  /** @param {number} milliseconds */
  #again(milliseconds) {
    if (this.#over || this.#socket) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), milliseconds);
  }
}
