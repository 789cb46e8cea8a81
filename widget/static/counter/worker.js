/**
 * The tablet's service worker: keeps the shell, the phrasebook and the ready articles for a lost
 * network. Nothing of a conversation passes through it: `/counter/api` and `/counter/sheet` it
 * leaves alone.
 */

const worker = /** @type {any} */ (self);
const CACHE = "madoguchi-counter-1";
const SHELL = "/counter/shell";
const KEPT = [
  SHELL,
  "/counter/desk.json",
  "/counter/articles.json",
  "/counter.webmanifest",
  "/static/tokens.css",
  "/static/theme.css",
  "/static/pages/icon.svg",
  ...["counter.css", "tablet.js", "counter.js", "dialogs.js", "finder_panels.js", "form_panel.js", "idle.js", "listening.js", "notice.css", "notice.js", "proposals_panel.js", "requests.js", "resident_view.js", "staff_view.js", "view.js", "voice.js", "wave.js", "writing.js"].map((name) => `/static/counter/${name}`),
  ...["dom.js", "languages.js", "strings.js", "text.js", "voice.js"].map((name) => `/static/chat/${name}`),
  ...["microphone.js", "connection.js", "session.js", "capture.js", "resampler.js"].map((name) => `/static/speech/${name}`),
];

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const old = (/** @type {string[]} */ names) => names.filter((name) => name.startsWith("madoguchi-counter-") && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === "/counter") event.respondWith(shell(event.request));
  else if (KEPT.includes(url.pathname)) event.respondWith(fresh(event.request, url.pathname));
});

/** The page itself is never kept, only the shell without a name or a token. @param {Request} request */
async function shell(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(SHELL)) ?? Response.error();
  }
}

/** The newest there is: of the network, else what was kept. @param {Request} request @param {string} path */
async function fresh(request, path) {
  const cache = await caches.open(CACHE);
  try {
    const reply = await fetch(request);
    if (reply.ok && !reply.redirected) await cache.put(path, reply.clone());
    return reply;
  } catch {
    return (await cache.match(path)) ?? Response.error();
  }
}
