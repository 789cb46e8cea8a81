/** The printed form's two buttons; the form itself needs no script. */

for (const [id, act] of /** @type {[string, () => void][]} */ ([
  ["print", () => print()],
  ["close", () => close()],
])) {
  const button = document.getElementById(id);
  if (!button) continue;
  button.hidden = false;
  button.addEventListener("click", act);
}
