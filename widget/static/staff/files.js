/**
 * Sends a file for a draft: by its button or dropped on the page, with how far it is.
 * Without this the form sends it as any other; what was typed goes along either way.
 */

const form = document.getElementById("draft");
const place = document.getElementById("adding");
const field = document.getElementById("file");
const button = document.getElementById("send");
const bar = document.getElementById("progress");

/**
 * @param {string} id
 * @param {string} words
 */
function tell(id, words) {
  const line = document.getElementById(id);
  if (line && line.textContent !== words) line.textContent = words;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {HTMLInputElement} field
 * @param {HTMLButtonElement} button
 * @param {HTMLProgressElement} bar
 */
function enhance(form, place, field, button, bar) {
  const box = /** @type {HTMLElement} */ (bar.parentElement);
  const hint = place.querySelector(".drop-here");
  if (hint instanceof HTMLElement) hint.hidden = false;

  /** @param {string} words */
  const refuse = (words) => {
    box.hidden = true;
    button.removeAttribute("aria-disabled");
    field.setAttribute("aria-invalid", "true");
    tell("sending-told", "");
    tell("add-wrong", words);
    field.focus();
  };

  /** @param {string} words */
  const show = (words) => {
    box.hidden = false;
    tell("sending-words", words);
    tell("sending-told", words);
  };

  const send = () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    tell("add-wrong", "");
    field.removeAttribute("aria-invalid");
    const file = field.files?.[0];
    if (!file) return refuse(place.dataset.none ?? "");
    if (file.size > Number(place.dataset.most)) return refuse(place.dataset.large ?? "");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      show(place.dataset.working ?? "");
    });
    request.addEventListener("load", () => {
      if (request.status === 409) {
        form.removeEventListener("submit", onSubmit);
        form.requestSubmit(button);
      } else if (request.status === 200 && typeof request.response?.next === "string") {
        window.location.assign(request.response.next);
      } else if (request.status === 413) {
        refuse(place.dataset.large ?? "");
      } else {
        const told = request.response?.error;
        refuse((told?.type === "FileRefused" && told.message) || (place.dataset.lost ?? ""));
      }
    });
    request.addEventListener("error", () => refuse(place.dataset.lost ?? ""));
    const values = new FormData(form);
    values.set("go", "add");
    button.setAttribute("aria-disabled", "true");
    bar.value = 0;
    show(place.dataset.sending ?? "");
    request.send(values);
  };

  /** @param {SubmitEvent} event */
  const onSubmit = (event) => {
    if (event.submitter !== button) return;
    event.preventDefault();
    send();
  };
  form.addEventListener("submit", onSubmit);

  /** @param {DragEvent} event */
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      if (!(event instanceof DragEvent) || !isFile(event)) return;
      event.preventDefault();
      place.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    place.addEventListener(name, () => place.classList.remove("over"));
  }
  place.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    const chosen = new DataTransfer();
    chosen.items.add(file);
    field.files = chosen.files;
    send();
  });
}

if (
  form instanceof HTMLFormElement &&
  place &&
  field instanceof HTMLInputElement &&
  button instanceof HTMLButtonElement &&
  bar instanceof HTMLProgressElement
) {
  enhance(form, place, field, button, bar);
}

export {}; // its names are its own
