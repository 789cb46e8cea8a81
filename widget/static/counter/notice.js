/** The city's notice above both halves of the tablet, in the language of the tablet. */

const EVERY = 60_000;

/** @returns {HTMLElement} */
function place() {
  const known = document.getElementById("city-notice");
  if (known) return known;
  const made = document.createElement("section");
  made.id = "city-notice";
  made.className = "city-notice";
  made.setAttribute("role", "status");
  made.hidden = true;
  document.body.prepend(made);
  return made;
}

/** Ask which notice holds, and show it; without the network what stands stays. */
async function look() {
  try {
    const reply = await fetch(`/api/notice?lang=${encodeURIComponent(document.documentElement.lang || "ja")}`);
    if (!reply.ok) return;
    const notice = await reply.json();
    const section = place();
    section.hidden = !notice;
    if (!notice || section.dataset.notice === `${notice.id} ${notice.lang}`) return;
    section.dataset.notice = `${notice.id} ${notice.lang}`;
    section.dataset.level = notice.level;
    section.lang = notice.lang;
    const title = document.createElement("strong");
    title.textContent = plain(notice.title);
    const text = document.createElement("span");
    text.textContent = ` ${plain(notice.text)}`;
    section.replaceChildren(title, text);
  } catch {
    // The tablet works without the network, too.
  }
}

/** @param {string} words words with ruby as {漢字|かんじ} */
function plain(words) {
  return words.replace(/\{([^|{}]+)\|[^{}]+\}/g, "$1");
}

look();
setInterval(look, EVERY);
