/** What scripts add to every page of the staff; all of it works without them too. */

for (const tick of document.querySelectorAll("[data-shows]")) {
  if (!(tick instanceof HTMLElement)) continue;
  const box = tick.querySelector("input");
  tick.hidden = false;
  box?.addEventListener("change", () => {
    for (const id of (tick.dataset.shows ?? "").split(" ")) {
      const field = document.getElementById(id);
      if (field instanceof HTMLInputElement) field.type = box.checked ? "text" : "password";
    }
  });
}

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const field = document.getElementById(button.dataset.copies ?? "");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    if (!(field instanceof HTMLInputElement)) return;
    await navigator.clipboard.writeText(field.value);
    const told = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    if (told) told.textContent = button.dataset.copied ?? "";
  });
}

/** Narrow screens show a row as a card: each cell then needs the word above its column, and a
 * table whose cells are blocks has to say that it is one. */
for (const table of document.querySelectorAll(".sheet table")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) =>
    head.querySelector(".hidden") ? "" : (head.textContent ?? ""),
  );
  if (heads.length < 3) continue;
  table.classList.add("stacked");
  table.setAttribute("role", "table");
  for (const group of table.querySelectorAll("thead, tbody")) group.setAttribute("role", "rowgroup");
  for (const head of table.querySelectorAll("thead th")) head.setAttribute("role", "columnheader");
  for (const row of table.querySelectorAll("tr")) {
    row.setAttribute("role", "row");
    [...row.children].forEach((cell, place) => {
      if (!(cell instanceof HTMLTableCellElement) || cell.closest("thead")) return;
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      if (heads[place] && !cell.querySelector("a, br")) cell.dataset.label = heads[place];
    });
  }
}

const RELOAD = 1500; // milliseconds until work in the background is looked at again

/** Whether something was typed into the page that loading it again would lose. */
function isTyped() {
  for (const field of document.querySelectorAll("textarea, input:not([type=hidden])")) {
    const typed = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
    if (typed && (field === document.activeElement || field.value !== field.defaultValue)) {
      return true;
    }
  }
  return false;
}

if (document.querySelector("[data-reloads]")) {
  const page = document.querySelector("[data-reloads] a");
  window.setInterval(() => {
    if (page instanceof HTMLAnchorElement && !isTyped()) window.location.replace(page.href);
  }, RELOAD);
}
