/** Building nodes: the only way anything gets onto the page, so that no text is ever read as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Make an element. `on…` properties are listeners, others attributes; null and false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...kept(children));
  return element;
}

/**
 * Make an SVG drawing of one path in the colour of the text.
 * @param {string} path
 * @param {string} [box]
 * @param {Record<string, string>} [properties]
 * @returns {SVGSVGElement}
 */
export function drawing(path, box = "0 0 24 24", properties = {}) {
  const svg = document.createElementNS(SVG, "svg");
  const all = { viewBox: box, "aria-hidden": "true", focusable: "false", ...properties };
  for (const [name, value] of Object.entries(all)) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/**
 * Put `children` in place of what `element` holds.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
}

/** @param {(Child | Child[])[]} children */
function kept(children) {
  return /** @type {(Node | string)[]} */ (
    children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== "")
  );
}
