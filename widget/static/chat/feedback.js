/** Whether an answer helped, and if not, why. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { worded } from "./text.js";

const REASONS = ["wrong", "missing", "hard"];

/**
 * @param {string} turn
 * @param {Pick<import("./turn_view.js").Desk, "say" | "rate" | "announce">} desk
 */
export function feedback(turn, { say, rate, announce }) {
  const place = h("div", { class: "reasons" });
  const thank = () => {
    fill(place, h("p", {}, icon("check"), ...worded(say("thanks"))));
    announce(say("thanks").text);
  };
  const fail = () => fill(place, h("p", {}, icon("warning"), ...worded(say("failed"))));
  /** @param {"good" | "bad"} rating */
  const vote = (rating) =>
    h(
      "button",
      {
        type: "button",
        class: "action",
        "aria-pressed": "false",
        "data-action": rating,
        onclick: () => {
          for (const other of votes) other.setAttribute("aria-pressed", String(other.dataset.action === rating));
          rate(turn, rating, "").then(rating === "good" ? thank : () => {}, fail);
          if (rating === "bad") ask(turn, place, say, rate, thank, fail);
        },
      },
      icon(rating),
      h("span", {}, ...worded(say(rating))),
    );
  const votes = [vote("good"), vote("bad")];
  return h("div", { class: "feedback" }, h("div", { class: "actions" }, votes), place);
}

/**
 * Ask for the reason, below the buttons; the rating itself is already sent.
 * @param {string} turn
 * @param {HTMLElement} place
 * @param {import("./turn_view.js").Desk["say"]} say
 * @param {import("./turn_view.js").Desk["rate"]} rate
 * @param {() => void} thank
 * @param {() => void} fail
 */
function ask(turn, place, say, rate, thank, fail) {
  const name = `reason-${turn}`;
  const choices = REASONS.map((key) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name, value: key }), h("span", {}, ...worded(say(key)))),
  );
  const box = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2, maxlength: 900, id: `${name}-words` }));
  const form = h(
    "form",
    {},
    h("fieldset", {}, h("legend", {}, ...worded(say("reason"))), choices),
    h("label", { for: `${name}-words` }, ...worded(say("comment"))),
    box,
    h("button", { type: "submit", class: "action strong" }, ...worded(say("send"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("input:checked"))?.value;
    rate(turn, "bad", [chosen, box.value.trim()].filter(Boolean).join(": ")).then(thank, fail);
  });
  fill(place, form);
}
