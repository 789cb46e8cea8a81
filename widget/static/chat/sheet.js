/** The style sheet of the chat, made once: the design tokens, then our own rules. */

/** @type {Promise<CSSStyleSheet> | undefined} */
let made;

/** @returns {Promise<CSSStyleSheet>} */
export function sheet() {
  made ??= make();
  made.catch(() => (made = undefined));
  return made;
}

async function make() {
  const [tokens, rules] = await Promise.all(["../tokens.css", "chat.css"].map(text));
  const found = new CSSStyleSheet();
  // Inside a shadow root the tokens belong to the host.
  found.replaceSync(tokens.replaceAll(":root", ":host") + rules);
  return found;
}

/** @param {string} path */
async function text(path) {
  const reply = await fetch(new URL(path, import.meta.url), { credentials: "omit" });
  if (!reply.ok) throw new TypeError(`no ${path}`);
  return reply.text();
}
