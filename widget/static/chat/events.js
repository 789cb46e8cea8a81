/** Server-sent events out of any cut of their text: text in, events out, nothing else. */

/** @typedef {{name: string, data: string}} ServerEvent */

export class EventParser {
  #rest = "";

  /**
   * Take the next piece of the stream and return the events that are complete with it.
   * @param {string} piece
   * @returns {ServerEvent[]}
   */
  push(piece) {
    const text = this.#rest + piece;
    // A carriage return at the end may be half of a line break.
    const held = text.endsWith("\r") ? "\r" : "";
    const parts = text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, "\n").split("\n\n");
    this.#rest = (parts.pop() ?? "") + held;
    return parts.map(event).filter((found) => found.data !== "");
  }
}

/** @param {string} part @returns {ServerEvent} */
function event(part) {
  let name = "message";
  const data = [];
  for (const line of part.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.slice(0, colon) === "event") name = value;
    else if (line.slice(0, colon) === "data") data.push(value);
  }
  return { name, data: data.join("\n") };
}
