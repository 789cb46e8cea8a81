/** 筆談: the resident writes with the keyboard, or with a finger. A drawing never leaves the screen. */

import { button, h, sends } from "./view.js";

/** @typedef {import("./view.js").Words} Words */

/**
 * Open the sheet for writing on the resident's half.
 * @param {Words} words
 * @param {string} lang
 * @param {HTMLElement} place
 * @param {(text: string) => void} said
 * @param {() => void} closed
 */
export function openWriting(words, lang, place, said, closed) {
  const box = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "resident-text", rows: "3", maxlength: "2000", autocomplete: "off", lang }));
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-label": words.resident(lang, "draw"), role: "img" }));
  const close = () => {
    sheet.remove();
    closed();
  };
  const send = () => {
    const text = box.value.trim();
    if (!text) return box.focus();
    said(text);
    close();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (sends(event)) {
      event.preventDefault();
      send();
    }
  });
  const drawn = h("figure", { class: "drawing" }, h("figcaption", {}, words.shown(lang, "draw")), canvas);
  const wipe = () => {
    const context = canvas.getContext("2d");
    context?.save();
    context?.resetTransform();
    context?.clearRect(0, 0, canvas.width, canvas.height);
    context?.restore();
  };
  const big = button(words, "hand", words.shown(lang, "show_staff"), () => sheet.classList.toggle("whole"));
  const sheet = h(
    "div",
    { class: "writing", role: "dialog", "aria-label": words.resident(lang, "write"), lang },
    h("label", { for: "resident-text" }, words.shown(lang, "write_label")),
    box,
    h("div", { class: "row" }, button(words, "next", words.shown(lang, "send"), send, { class: "strong" }), button(words, "close", words.shown(lang, "close"), close)),
    drawn,
    h("div", { class: "row" }, button(words, "", words.shown(lang, "clear"), wipe), big),
  );
  place.append(sheet);
  pen(canvas, () => place.classList.contains("turned"));
  box.focus();
}

/** @param {HTMLCanvasElement} canvas @param {() => boolean} turned whether the half stands on its head */
function pen(canvas, turned) {
  const context = canvas.getContext("2d");
  if (!context) return;
  new ResizeObserver(() => fit(canvas, context)).observe(canvas);
  fit(canvas, context);
  let drawing = false;
  const at = (/** @type {PointerEvent} */ event) => {
    const frame = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    return /** @type {[number, number]} */ (turned() ? [frame.width - x, frame.height - y] : [x, y]);
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    context.beginPath();
    context.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    context.lineTo(...at(event));
    context.stroke();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (drawing = false));
}

/** Give the drawing as many dots as it is large; what was drawn keeps its shape. @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2D} context */
function fit(canvas, context) {
  const scale = devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (width === 0 || (width === canvas.width && height === canvas.height)) return;
  const before = new OffscreenCanvas(canvas.width, canvas.height);
  before.getContext("2d")?.drawImage(canvas, 0, 0);
  canvas.width = width;
  canvas.height = height;
  const larger = Math.min(width / before.width, height / before.height);
  context.drawImage(before, 0, 0, before.width * larger, before.height * larger);
  context.scale(scale, scale);
  context.lineWidth = 5;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(canvas).color;
}

/**
 * Open the page of interpreters and sign language on the resident's half.
 * @param {Words} words
 * @param {string} lang
 * @param {HTMLElement} place
 * @param {() => void} closed
 */
export function openServices(words, lang, place, closed) {
  const close = () => {
    sheet.remove();
    closed();
  };
  const { services, interpreter_url: remote } = words.desk;
  const sheet = h(
    "div",
    { class: "writing services", role: "dialog", "aria-label": words.resident(lang, "services"), lang, tabindex: "-1", onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && close() },
    h("h2", { class: "big" }, words.shown(lang, "services")),
    h("p", {}, words.shown(lang, "services_lead")),
    remote && h("a", { class: "button strong", href: remote, target: "_blank", rel: "noopener noreferrer" }, words.icon("contact"), h("span", {}, words.shown(lang, "remote"))),
    services.map((/** @type {any} */ service) =>
      h(
        "div",
        { class: "service" },
        h("h3", {}, service.names[lang]),
        h("p", {}, service.hours[lang]),
        h("p", { class: "number" }, words.shown(lang, "phone"), " ", h("b", {}, service.phone)),
        service.fax && h("p", { class: "number" }, words.shown(lang, "fax"), " ", h("b", {}, service.fax)),
      ),
    ),
    button(words, "close", words.shown(lang, "close"), close),
  );
  place.append(sheet);
  sheet.focus();
}
