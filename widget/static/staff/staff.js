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
