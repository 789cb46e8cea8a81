/** What the browser keeps of a conversation, in this tab only, from the first question on. */

const KEY = "madoguchi";

/**
 * @typedef {{question: string, label: string, lang: string, request_id: string, topic?: string}} Pending
 * @typedef {{token: string, lang: string, furigana: boolean, open: boolean, pending: Pending | null}} Kept
 */

export class TabStorage {
  /** @returns {Kept | null} */
  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
      return kept && /^[\w-]{8,64}$/.test(kept.token) ? kept : null;
    } catch {
      return null;
    }
  }

  /** @param {Kept} kept */
  write(kept) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A browser that allows no storage: the conversation lives as long as the page.
    }
  }

  clear() {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // There is nothing to remove.
    }
  }
}

/** A token that nobody can guess: 22 characters, 132 bits. */
export function token() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return [...crypto.getRandomValues(new Uint8Array(22))].map((byte) => letters[byte & 63]).join("");
}
