// What the pages of the course have in common: formulas, terms, and a language, since they hold all texts in every one.

import { openGlossary } from "../controls/glossary/glossary.js";
import { useKatex } from "../draw/formula.js";

const KEY = "gmm-lab language";

/** That of the link, or the one that was chosen before in this browser; empty for neither. */
export function keptLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  try {
    return asked ?? localStorage.getItem(KEY) ?? "";
  } catch {
    // A browser that keeps nothing.
    return asked ?? "";
  }
}

/**
 * Shows the page's own texts in a language that they are in, and keeps it for the other pages.
 * @param {string} language
 */
export function speak(language) {
  const spoken = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-said]")]);
  if (!spoken.some(({ lang }) => lang === language)) return;
  for (const node of spoken) node.hidden = node.lang !== language;
  document.documentElement.lang = language;
  document.title = spoken.find((node) => node.matches("h1 *") && !node.hidden)?.textContent ?? document.title;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The links carry it.
  }
}

/** Formulas are set by KaTeX, where katex.js brings it. */
export function setFormulas() {
  const { katex } = /** @type {any} */ (window);
  if (katex) useKatex(async () => katex, "mathml");
}

/** Explains the terms of the page, which terms.js names, wherever they stand. */
export function explainTerms() {
  const { gmmLabTerms } = /** @type {any} */ (window);
  openGlossary(document, gmmLabTerms, document.documentElement.lang).wear(document.body);
}
