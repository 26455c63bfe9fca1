// A toolbar of few tools: the others lie in a fold, so that a newcomer sees what is needed and nobody misses a thing.

import { element } from "../draw/dom.js";

/**
 * @param {HTMLElement} toolbar
 * @param {HTMLElement[]} kept what stays in sight, in this order
 */
export function foldAllBut(toolbar, kept) {
  const rest = element("div", { class: "em-toolbar" }, ...toolbar.childNodes);
  toolbar.replaceChildren(
    ...kept,
    element("details", { class: "em-more" }, element("summary", {}, "More tools"), rest),
  );
}
