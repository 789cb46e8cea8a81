/**
 * The service worker that shows notices. It is registered when a resident asks for notices on
 * "My page" and taken away when they stop; it touches no request of any page.
 */

const worker = /** @type {any} */ (self);

worker.addEventListener("push", (/** @type {any} */ event) => {
  const { title, body, lang, tag, url } = event.data.json();
  const icon = "/static/pages/icon.svg";
  event.waitUntil(worker.registration.showNotification(title, { body, lang, tag, icon, renotify: true, data: { url } }));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, worker.location.origin);
  if (url.origin === worker.location.origin) event.waitUntil(worker.clients.openWindow(url.href));
});
