/** Icons: one path each on a field of 24 by 24, drawn as lines in the colour of the text. */

import { drawing } from "./dom.js";

/** @type {Record<string, string>} */
const PATHS = {
  mark: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  send: "M4 12l16-8-6 16-3-7z",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  globe: "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z",
  chevron: "M6 9l6 6 6-6",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  listen: "M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 010 7M19 6a8.5 8.5 0 010 12",
  print: "M7 9V4h10v5M7 18H4v-7h16v7h-3M7 15h10v5H7z",
  phone: "M8 3h8a1 1 0 011 1v16a1 1 0 01-1 1H8a1 1 0 01-1-1V4a1 1 0 011-1zM11 18h2",
  call: "M6 3h3l2 5-2.5 1.5a12 12 0 006 6L16 13l5 2v3a3 3 0 01-3 3C10 21 3 14 3 6a3 3 0 013-3z",
  good: "M8 11v9H4v-9zM8 11l4-8c2 0 2.5 1.5 2 4l-.5 2H20l-2 11H8",
  bad: "M8 13V4H4v9zM8 13l4 8c2 0 2.5-1.5 2-4l-.5-2H20L18 4H8",
  retry: "M20 12a8 8 0 11-2.5-5.800M20 3v5h-5",
  download: "M12 4v11M7 10l5 5 5-5M4 20h16",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  person: "M12 4a4 4 0 110 8 4 4 0 010-8zM4 21c0-4 3.5-7 8-7s8 3 8 7",
  source: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
  warning: "M12 3l10 18H2zM12 10v5M12 18v.5",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7v.5",
  check: "M4 12l5 6L20 6",
  steps: "M4 6h2v.5M10 6h10M4 12h2v.5M10 12h10M4 18h2v.5M10 18h10",
  office: "M3 21h18M5 21V9l7-5 7 5v12M9 21v-6h6v6M9 11v.5M15 11v.5",
  next: "M9 6l6 6-6 6",
  who: "M12 4a4 4 0 110 8 4 4 0 010-8zM4 21c0-4 3.5-7 8-7s8 3 8 7",
  deadline: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  where: "M12 21c5-6 7-9 7-12a7 7 0 10-14 0c0 3 2 6 7 12zM12 6.5a2.5 2.5 0 110 5 2.5 2.5 0 010-5z",
  hours: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l4 2",
  bring: "M5 8h14l1 13H4zM9 8V6a3 3 0 016 0v2",
  fee: "M12 3a9 9 0 100 18 9 9 0 000-18zM8.5 7l3.5 5 3.5-5M12 12v6M9 13h6M9 15.5h6",
  duration: "M7 3h10M7 21h10M8 3c0 5 4 6 4 9s-4 4-4 9M16 3c0 5-4 6-4 9s4 4 4 9",
  online: "M4 5h16v11H4zM2 20h20",
  contact: "M6 3h3l2 5-2.5 1.5a12 12 0 006 6L16 13l5 2v3a3 3 0 01-3 3C10 21 3 14 3 6a3 3 0 013-3z",
  legal_basis: "M12 3v18M7 21h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
  moving: "M2 6h12v11H2zM14 10h4l4 4v3h-8M6 17a2 2 0 110 4 2 2 0 010-4zM18 17a2 2 0 110 4 2 2 0 010-4z",
  certificates: "M5 3h14v14H5zM9 7h6M9 11h6M10 17v4l2-1.5 2 1.5v-4",
  "birth-and-children": "M12 3a5 5 0 110 10 5 5 0 010-10zM10 8v.5M14 8v.5M10.5 10.5c1 .8 2 .8 3 0M6 21c0-4 2.5-6 6-6s6 2 6 6",
  "health-insurance": "M12 21C5 15 3 12 3 8.5A4.5 4.5 0 0112 7a4.5 4.5 0 019 1.5C21 12 19 15 12 21zM12 10v5M9.5 12.5h5",
  elderly: "M10 3a3 3 0 110 6 3 3 0 010-6zM10 9v7l-3 5M10 16l4 5M10 11l5 2M18 12a2 2 0 00-4 0M18 12v9",
  bereavement: "M12 3c3 3 3 6 0 8-3-2-3-5 0-8zM12 11v10M12 17c-4 0-6-2-6-4 4 0 6 2 6 4zM12 19c4 0 6-2 6-4-4 0-6 2-6 4z",
  garbage: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  "foreign-residents": "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z",
};

/** @param {string} name */
export function icon(name) {
  return drawing(PATHS[name] ?? PATHS.info, "0 0 24 24", { class: "icon" });
}
