/** Notices to this device (Web Push): asked for, changed, given up. Nothing happens unasked. */

/** The browser blocks notices in its settings. */
export class Denied extends Error {}

/** The only scripts that may become a worker: a browser that enforces trusted types is told here. */
const worker = /** @type {any} */ (window).trustedTypes?.createPolicy("madoguchi-push", {
  createScriptURL: (/** @type {string} */ url) => {
    if (url !== "/push.js") throw new TypeError(url);
    return url;
  },
});

/** @returns {boolean} */
export function possible() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** @returns {Promise<PushSubscription | null>} */
export async function subscription() {
  const registration = possible() ? await navigator.serviceWorker.getRegistration("/") : undefined;
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/**
 * Ask for notices of these kinds; throws Denied where the browser does not allow any.
 * @param {string[]} kinds
 * @param {string} lang
 */
export async function subscribe(kinds, lang) {
  if ((await Notification.requestPermission()) !== "granted") throw new Denied();
  const script = worker?.createScriptURL("/push.js") ?? "/push.js";
  await navigator.serviceWorker.register(script, { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  let made = await registration.pushManager.getSubscription();
  if (!made) {
    const { key } = await (await sent("/api/push/key")).json();
    made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }
  await sent("/api/push", "POST", { ...made.toJSON(), kinds, lang });
}

/** Give notices up: the city deletes what it keeps, then the browser does. */
export async function unsubscribe() {
  const made = await subscription();
  if (made) {
    await sent("/api/push", "DELETE", { endpoint: made.endpoint });
    await made.unsubscribe();
  }
  if (possible()) await (await navigator.serviceWorker.getRegistration("/"))?.unregister();
}

/** @param {string} path @param {string} [method] @param {unknown} [body] */
async function sent(path, method = "GET", body) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined, credentials: "omit" });
  if (!reply.ok) throw new TypeError(`status ${reply.status}`);
  return reply;
}
