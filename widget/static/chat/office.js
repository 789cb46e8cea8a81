/**
 * The ward offices: the one of the ward a resident picks, or the nearest. Where somebody is, is
 * asked of the browser on their click only, and stays in the browser.
 */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { rich, worded } from "./text.js";

/** @typedef {{name: string, text: string, position: [number, number] | null}} Office */

/** The ward picked so far, as long as the page stands. */
let picked = "";

/**
 * @param {Office[]} offices
 * @param {string} hours
 * @param {import("./panel.js").Say} say
 */
export function officeRow(offices, hours, say) {
  const items = offices.map(({ text }) => h("li", {}, ...rich({ text })));
  const found = h("p", { role: "status" });
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { onchange: () => choose(select.value, "") },
      h("option", { value: "" }, say("choose").text),
      offices.map(({ name }) => h("option", { value: name }, name)),
    )
  );
  /** @param {string} name @param {string} words */
  function choose(name, words) {
    picked = name;
    select.value = name;
    for (const [n, item] of items.entries()) item.hidden = Boolean(name) && offices[n].name !== name;
    fill(found, words);
  }
  const locate = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const [office, km] = nearest(offices, coords);
        choose(office.name, say("distance", { km: km.toFixed(1) }).text);
      },
      () => choose("", say("no_place").text),
      { timeout: 15_000, maximumAge: 60_000 },
    );
  const known = "geolocation" in navigator && offices.every(({ position }) => position);
  choose(offices.some(({ name }) => name === picked) ? picked : "", "");
  return h(
    "div",
    { class: "row" },
    h("dt", {}, icon("office"), h("span", {}, ...worded(say("offices")))),
    h(
      "dd",
      { class: "offices" },
      h("label", {}, h("span", {}, ...worded(say("ward"))), h("span", { class: "pick" }, select)),
      known ? h("button", { type: "button", class: "action", "data-action": "nearest", onclick: locate }, icon("where"), h("span", {}, ...worded(say("nearest")))) : null,
      found,
      h("ul", {}, items),
      hours ? h("p", {}, icon("hours"), ...rich({ text: hours })) : null,
    ),
  );
}

/**
 * The nearest office, and how far it is in kilometres along the great circle (haversine).
 * @param {Office[]} offices
 * @param {{latitude: number, longitude: number}} here
 * @returns {[Office, number]}
 */
function nearest(offices, here) {
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const far = (/** @type {Office} */ { position }) => {
    const [latitude, longitude] = /** @type {[number, number]} */ (position);
    const [up, along] = [radians(latitude - here.latitude) / 2, radians(longitude - here.longitude) / 2];
    const share = Math.sin(up) ** 2 + Math.cos(radians(latitude)) * Math.cos(radians(here.latitude)) * Math.sin(along) ** 2;
    return 12_742 * Math.asin(Math.sqrt(share));
  };
  return offices.map((office) => /** @type {[Office, number]} */ ([office, far(office)])).sort((a, b) => a[1] - b[1])[0];
}
