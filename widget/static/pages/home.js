/** The home page shows first what the resident chose, and offers the language chosen. */

import { chosen } from "./choices.js";

const { events, lang } = chosen();
const mine = document.querySelector("[data-mine]");
const tiles = mine?.querySelector("ul");
if (mine instanceof HTMLElement && tiles && events.length) {
  for (const event of events) {
    const tile = document.querySelector(`[data-event="${CSS.escape(event)}"]`);
    if (tile) tiles.append(tile.cloneNode(true));
  }
  mine.hidden = !tiles.childElementCount;
}

const offer = document.querySelector(".read-in");
const link = document.querySelector(`.picker a[hreflang="${CSS.escape(lang)}"]`);
if (offer instanceof HTMLElement && link instanceof HTMLAnchorElement && lang !== document.documentElement.lang) {
  const [before, after] = (offer.dataset.words ?? "{language}").split("{language}");
  const name = document.createElement("span");
  name.lang = lang;
  name.textContent = link.textContent?.trim() ?? lang;
  const there = document.createElement("a");
  there.href = link.href;
  there.hreflang = lang;
  there.append(before, name, after ?? "");
  offer.append(there);
  offer.hidden = false;
}
