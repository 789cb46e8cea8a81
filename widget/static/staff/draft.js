/** The form of a draft: the preview follows what is written; without this a button does it. */

const form = document.querySelector("form[data-preview]");
const button = form instanceof HTMLElement && document.getElementById(form.dataset.preview ?? "");
const PAUSE = 800; // milliseconds without a key before the preview is made anew

/** Put a new frame in the place of the old one: it adds nothing to the browser's history. */
function freshFrame() {
  const frame = document.querySelector("iframe[name=preview]");
  if (!(frame instanceof HTMLIFrameElement)) return;
  const place = frame.contentWindow?.scrollY ?? 0;
  const next = document.createElement("iframe");
  next.name = frame.name;
  next.title = frame.title;
  frame.replaceWith(next);
  next.addEventListener("load", () => next.contentWindow?.scrollTo(0, place));
}

if (form instanceof HTMLFormElement && button instanceof HTMLButtonElement) {
  let waiting = 0;
  const follow = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      freshFrame();
      form.requestSubmit(button);
    }, PAUSE);
  };
  form.addEventListener("input", (event) => {
    if (!(event instanceof InputEvent && event.isComposing)) follow();
  });
  form.addEventListener("compositionend", follow);
  // What was written before this script had come.
  const written = [...form.elements].some(
    (field) =>
      (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) &&
      field.value !== field.defaultValue,
  );
  if (written) follow();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      event.preventDefault();
    }
  });
}
