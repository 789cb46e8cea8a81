/**
 * The loader: one script tag puts a button on any page, and the chat is fetched when it is opened.
 *
 *     <script type="module" src="https://…/widget.js" data-lang="auto"></script>
 *
 * Nothing is stored and nobody is known before the first question.
 */

const BASE = new URL(".", import.meta.url);

/** The button in each language. @type {Record<string, string>} */
const LABELS = {
  ja: "AIに質問する",
  "ja-x-easy": "AIに しつもんする",
  en: "Ask the AI help desk",
  "zh-Hans": "向AI提问",
  "zh-Hant": "向AI提問",
  ko: "AI에게 질문하기",
  vi: "Hỏi quầy hỗ trợ AI",
  pt: "Perguntar à IA",
  es: "Preguntar a la IA",
  tl: "Magtanong sa AI",
  ne: "AI लाई सोध्नुहोस्",
  id: "Tanya loket AI",
  th: "ถาม AI",
};

const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483000; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: 16px; }
button { display: flex; align-items: center; gap: .5em; min-block-size: 56px; max-inline-size: calc(100vw - 32px); padding: 8px 20px 8px 16px;
  border: 2px solid #fff; border-radius: 32px; background: var(--madoguchi-color, var(--city-color, #0017c1)); color: var(--madoguchi-on-color, var(--city-on-color, #fff));
  font: 700 max(1rem, 16px)/1.4 "Noto Sans JP", "Noto Sans CJK JP", -apple-system, BlinkMacSystemFont, sans-serif;
  box-shadow: 0 2px 12px 2px #0000001a, 0 1px 6px 0 #0000004d; cursor: pointer; text-align: start; }
button:hover { text-decoration: underline; }
button:focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }
svg { flex: none; inline-size: 28px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linejoin: round; }
:host([data-open]) { visibility: hidden; }
@media print { :host { display: none; } }
`;

class Launcher extends HTMLElement {
  /** @type {any} */
  #chat = null;
  #loading = false;
  #button = document.createElement("button");
  #lang = language(this.dataset.lang ?? script()?.dataset.lang);

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    root.adoptedStyleSheets = [sheet];
    const style = (theme = "") => sheet.replaceSync(STYLE + theme.replaceAll(":root", ":host"));
    fetch(new URL("theme.css", BASE))
      .then((reply) => reply.text())
      .then(style, () => style())
      .then(() => root.append(this.#button));
    this.lang = this.#lang;
    this.#button.type = "button";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.append(mark(), LABELS[this.#lang]);
    this.#button.addEventListener("click", () => this.open());
    if (wasOpen()) this.open({ restored: true });
  }

  /** Open the chat; where it cannot be loaded, go to the page that works without it. */
  async open(how = {}) {
    if (this.#loading) return;
    this.#loading = true;
    try {
      await (this.#chat ?? (await this.#load())).open(how);
      this.dataset.open = "";
    } catch (error) {
      console.error(error);
      location.assign(new URL(`${this.#lang}/ask`, BASE));
    } finally {
      this.#loading = false;
    }
  }

  async #load() {
    await import(new URL("static/chat/element.js", BASE).href);
    this.#chat = document.createElement("madoguchi-chat");
    this.#chat.setAttribute("base", BASE.href);
    this.#chat.setAttribute("lang", this.#lang);
    this.#chat.addEventListener("madoguchi-close", () => {
      delete this.dataset.open;
      this.#button.focus();
    });
    this.after(this.#chat);
    return this.#chat;
  }
}

/** The script tag that brought us here. */
function script() {
  return [...document.querySelectorAll("script")].find((tag) => tag.src === import.meta.url);
}

/** @param {string | undefined} named */
function language(named) {
  const wishes = named && named !== "auto" ? [named] : navigator.languages;
  for (const wish of wishes) {
    if (LABELS[wish]) return wish;
    if (/^zh\b/i.test(wish)) return /hant|tw|hk|mo/i.test(wish) ? "zh-Hant" : "zh-Hans";
    const primary = wish.toLowerCase().split("-")[0].replace("fil", "tl");
    if (LABELS[primary]) return primary;
  }
  return "ja";
}

function wasOpen() {
  try {
    return JSON.parse(sessionStorage.getItem("madoguchi") ?? "{}")?.open === true;
  } catch {
    return false;
  }
}

function mark() {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 5h16v11H9l-5 4zM8 9h8M8 12h5");
  svg.append(path);
  return svg;
}

if (!customElements.get("madoguchi-launcher")) {
  customElements.define("madoguchi-launcher", Launcher);
  const place = () => document.body.append(document.createElement("madoguchi-launcher"));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}
