/** The style sheet of the chat, made once: our rules, the design tokens, the colours. */

/** @type {Promise<CSSStyleSheet> | undefined} */
let made;

/** @returns {Promise<CSSStyleSheet>} */
export function sheet() {
  made ??= make();
  made.catch(() => (made = undefined));
  return made;
}

async function make() {
  const [tokens, theme, rules] = await Promise.all(["tokens.css", "../../theme.css", "chat.css"].map(text));
  const found = new CSSStyleSheet();
  // Inside a shadow root tokens and colours belong to the host.
  found.replaceSync(`${rules}\n${(tokens + theme).replaceAll(":root", ":host")}`);
  return found;
}

/** @param {string} path */
async function text(path) {
  const reply = await fetch(new URL(path, import.meta.url), { credentials: "omit" });
  if (!reply.ok) throw new TypeError(`no ${path}`);
  return reply.text();
}
