/**
 * The chat in a frame. The page around it may say which language to speak:
 *
 *     frame.contentWindow.postMessage({type: "madoguchi:language", lang: "vi"}, "https://help.desk")
 *
 * It is heard only from the frame's own parent and only from an allowed origin, by its exact name,
 * and answered to that origin alone.
 */

import "./element.js";
import { LANGUAGES } from "./languages.js";

const allowed = new Set(
  (document.querySelector('meta[name="madoguchi-origins"]')?.getAttribute("content") ?? "").split(" ").filter(Boolean),
);
allowed.add(location.origin);

const chat = /** @type {import("./element.js").Chat} */ (document.createElement("madoguchi-chat"));
chat.setAttribute("framed", "");
chat.setAttribute("base", new URL(".", location.href).href);
chat.setAttribute("lang", new URLSearchParams(location.search).get("lang") ?? "auto");
document.body.append(chat);

addEventListener("message", async ({ data, origin, source }) => {
  if (source !== parent || source === window || !allowed.has(origin)) return;
  if (data?.type !== "madoguchi:language" || !LANGUAGES.some(([tag]) => tag === data.lang)) return;
  await chat.speak(data.lang);
  parent.postMessage({ type: "madoguchi:language", lang: data.lang }, origin);
});
