/** The counter tablet: puts its parts together. Everything of a conversation is in memory only. */

import { Counter } from "./counter.js";
import { askEnd, warnIdle } from "./dialogs.js";
import { Idle } from "./idle.js";
import { Listening } from "./listening.js";
import { Refused } from "./requests.js";
import { ResidentView } from "./resident_view.js";
import { StaffView } from "./staff_view.js";
import { Words, plain } from "./view.js";
import { Voice } from "./voice.js";
import { openServices, openWriting } from "./writing.js";

const root = /** @type {HTMLElement} */ (document.getElementById("tablet"));

/** @type {Promise<{token: string, until: number}> | null} */
let pass = null;

async function visitor() {
  const known = await pass?.catch(() => null);
  if (known && known.until > Date.now()) return known.token;
  pass = fetch("/api/visitor", { method: "POST" })
    .then((reply) => reply.json())
    .then(({ token, expires_in }) => ({ token, until: Date.now() + (expires_in - 60) * 1000 }));
  return (await pass).token;
}

async function begin() {
  const counter = new Counter();
  const [desk, ready] = await Promise.all([counter.requests.read("/counter/desk.json"), counter.requests.read("/counter/articles.json")]);
  const words = new Words(desk, root.dataset.lang === "en" ? "en" : "ja");
  const voice = new Voice(visitor);
  const idle = new Idle(desk.idle_seconds);
  let problem = "";
  let waiting = 0;
  let code = location.hash.match(/^#(\d{8})$/)?.[1] ?? "";
  if (code) history.replaceState(null, "", location.pathname);

  const tell = (/** @type {string} */ told) => {
    problem = told;
    staff.network();
  };
  const run = (/** @type {Promise<unknown>} */ work) => {
    tell("");
    work.catch((error) => tell(explained(error)));
  };
  const explained = (/** @type {unknown} */ error) => {
    if (!(error instanceof Refused)) return words.staff("network.failed");
    const known = { 401: "network.signed_out", 403: "network.signed_out", 409: "network.foreign_figure", 410: "network.ended", 422: "form.not_understood" };
    if (error.status === 503 && !counter.requests.online) return words.staff("network.offline");
    const key = known[/** @type {keyof typeof known} */ (error.status)];
    return words.staff(key ?? "network.failed");
  };
  const approved = () => {
    const all = counter.session?.proposals.filter((one) => one.state === "approved") ?? [];
    const newest = Math.max(0, ...all.map((one) => one.after));
    return all.filter((one) => one.after === newest);
  };
  const lines = () => approved().flatMap((one) => one.own.map((text) => ({ text, lang: one.lang, keep: !one.flags.includes("edited") })));
  const wiped = (/** @type {string} */ lang) => {
    resident.ended = lang;
    setTimeout(() => {
      resident.ended = "";
      if (!counter.session) resident.draw();
    }, 8000);
  };
  const end = (/** @type {string} */ outcome) => {
    wiped(counter.session?.lang ?? "ja");
    counter.end(outcome);
  };
  const say = (/** @type {string} */ text, /** @type {string} */ lang, keep = true) => void voice.speak([{ text, lang, keep }]);

  const resident = new ResidentView(words, counter, {
    start: (lang) => run(counter.start(lang)),
    answer: (text) => run(counter.say("resident", text, { ask: false })),
    topic: (topic) => run(counter.say("resident", plain(topic.titles[counter.session?.lang ?? "ja"] ?? topic.titles.ja), { topic: topic.slug })),
    again: (slow) => void voice.again(slow),
    call: () => {
      counter.called = true;
      draw();
    },
    write: () => counter.session && openWriting(words, counter.session.lang, resident.root, (text) => run(counter.say("resident", text)), () => undefined),
    services: () => openServices(words, counter.session?.lang ?? "ja", resident.root, () => undefined),
  });
  const listening = new Listening(words, counter, visitor, {
    caption: (text) => {
      resident.caption(text);
      staff.caption(text);
    },
    heard: (side, text, kana) => run(counter.say(side, text, { spoken: true, kana: kana.slice(0, 4000) })),
    problem: tell,
  });
  const staff = new StaffView(words, counter, ready.articles, {
    run,
    start: (/** @type {string} */ lang) => run(counter.start(lang)),
    takeOver: (/** @type {string} */ typed) => {
      code = "";
      tell("");
      counter.takeOver(typed).catch((error) => tell(error instanceof Refused && error.status === 404 ? words.staff("network.wrong_code") : explained(error)));
    },
    waiting: () => waiting,
    code: () => code,
    problem: () => problem,
    dismiss: () => tell(""),
    seen: () => {
      counter.called = false;
      draw();
    },
    said: (/** @type {"resident" | "staff"} */ side, /** @type {string} */ text) => run(counter.say(side, text)),
    phrase: (/** @type {any} */ phrase) => {
      const lang = counter.session?.lang ?? "ja";
      run(counter.phrase(phrase, plain));
      say(plain(phrase.words[lang] ?? phrase.words.ja), lang);
    },
    readBack: (/** @type {string} */ text, /** @type {string} */ lang) => say(text, lang, false),
    approved,
    speaking: () => voice.speaking,
    speak: () => (voice.speaking ? voice.stop() : void voice.speak(lines())),
    turn: () => (resident.root.classList.toggle("turned"), staff.draw()),
    turned: () => resident.root.classList.contains("turned"),
    larger: () => (resident.root.classList.toggle("larger"), draw()),
    enlarged: () => resident.root.classList.contains("larger"),
    contrast: () => (root.classList.toggle("contrast"), staff.draw()),
    contrasted: () => root.classList.contains("contrast"),
    end: () => askEnd(words, counter.printed ? "form_printed" : "done", end),
  }, listening.root);

  const draw = () => {
    resident.draw();
    staff.draw();
  };
  let known = "";
  let asked = 0;
  counter.addEventListener("change", (event) => {
    if (/** @type {CustomEvent} */ (event).detail === "network") return staff.network();
    const { session } = counter;
    if ((session?.id ?? "") !== known) {
      known = session?.id ?? "";
      asked = 0;
      listening.stop();
      voice.forget();
      for (const sheet of document.querySelectorAll(".writing, dialog")) sheet.remove();
      staff.tab = "answers";
      staff.begin();
      if (session) idle.start();
      else {
        idle.stop();
        // What was set for one resident is not for the next; how the tablet lies on the counter is.
        resident.root.classList.remove("larger");
        root.classList.remove("contrast");
        void look();
      }
    }
    listening.asked(session?.question ?? "");
    // A question for a field is spoken as soon as it stands on the screen.
    const last = session?.said.at(-1);
    if (session?.asking && last?.side === "staff" && last.shown && session.said.length !== asked) {
      asked = session.said.length;
      say(plain(last.shown), session.lang);
    }
    draw();
  });
  voice.addEventListener("state", (event) => {
    listening.playing(/** @type {CustomEvent} */ (event).detail);
    if (counter.session) staff.draw();
  });
  voice.addEventListener("mute", () => tell(words.staff("voice.no_voice")));
  voice.addEventListener("unmade", () => tell(words.staff("voice.unmade")));

  /** @type {ReturnType<typeof warnIdle> | null} */
  let warning = null;
  const used = () => counter.session && !warning && idle.used();
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, used, { passive: true });
  counter.addEventListener("change", () => used());
  idle.addEventListener("touch", () => counter.touch());
  idle.addEventListener("warning", (event) => {
    warning ??= warnIdle(words, counter.session?.lang ?? "ja", () => {
      warning = null;
      idle.used();
      counter.touch();
    });
    warning.tell(/** @type {CustomEvent} */ (event).detail);
  });
  idle.addEventListener("over", () => {
    warning?.close();
    warning = null;
    end("idle");
  });

  const look = async () => {
    waiting = (await counter.waitingHandovers().catch(() => null))?.waiting.length ?? waiting;
    if (!counter.session) staff.draw();
  };
  setInterval(() => counter.session || document.hidden || void look(), 20_000);
  root.append(resident.root, staff.root);
  draw();
  void look();
}

const worker = /** @type {any} */ (window).trustedTypes?.createPolicy("madoguchi-counter", {
  createScriptURL: (/** @type {string} */ url) => {
    if (url !== "/counter-worker.js") throw new TypeError(url);
    return url;
  },
});
if ("serviceWorker" in navigator) {
  const script = worker?.createScriptURL("/counter-worker.js") ?? "/counter-worker.js";
  navigator.serviceWorker.register(script, { scope: "/counter" }).catch(() => undefined);
}
await begin();
