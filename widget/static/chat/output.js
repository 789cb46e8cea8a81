/** What leaves the chat: a copied answer, a printed one, the record of the conversation. */

/**
 * Copy `words`; through a hidden box where the browser gives no clipboard.
 * @param {string} words
 * @param {HTMLElement} within
 */
export async function copy(words, within) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const box = document.createElement("textarea");
    box.value = words;
    box.className = "hidden";
    within.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
}

/**
 * Print one answer and nothing else of the page.
 * @param {HTMLElement} chat
 * @param {HTMLElement} view
 */
export function printed(chat, view) {
  const only = new CSSStyleSheet();
  only.replaceSync("@media print { body > :not(madoguchi-chat, :has(madoguchi-chat)) { display: none !important; } }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, only];
  view.dataset.printing = "";
  chat.dataset.printing = "";
  const after = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== only);
    delete view.dataset.printing;
    delete chat.dataset.printing;
  };
  addEventListener("afterprint", after, { once: true });
  print();
}

/**
 * Save the conversation as a text file.
 * @param {import("./conversation.js").Turn[]} turns
 * @param {string} title
 * @param {string} asked
 * @param {string} answered
 */
export function download(turns, title, asked, answered) {
  const parts = turns.map((turn) => `${asked}:\n${turn.question}\n\n${answered}:\n${turn.answer?.answer ?? "–"}\n`);
  const text = [`${title} ${new Date().toLocaleString("sv")}\n`, ...parts].join("\n――――――――\n\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "madoguchi.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
