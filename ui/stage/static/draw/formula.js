// Formulas, set by KaTeX where the page has it, and as plain text until then or without it.

import { plainFormula } from "../words/plain-formula.js";
import { element } from "./dom.js";

/** @type {(() => Promise<Katex>) | null} */
let load = null;
/** @type {Promise<Katex> | null} */
let coming = null;
/** @type {Katex | null} */
let katex = null;
/** @type {FormulaOutput} */
let output = "mathml";

/**
 * Where KaTeX comes from: it is asked for with the first formula, so that no picture waits for it.
 * @param {Promise<Katex> | (() => Promise<Katex>)} source
 * @param {FormulaOutput} wanted
 */
export function useKatex(source, wanted) {
  load ??= typeof source === "function" ? source : () => source;
  output = wanted;
}

/**
 * A formula in TeX, in a line of text or on a line of its own.
 * @param {string} tex
 * @param {boolean} [display]
 * @returns {HTMLElement}
 */
export function formula(tex, display = false) {
  const node = element("span", { class: "em-formula", "data-tex": tex });
  if (katex) setBy(katex, node, tex, display);
  else {
    node.textContent = plainFormula(tex);
    if (load) coming ??= load();
    coming?.then(
      (found) => setBy((katex = found), node, tex, display),
      () => {}, // The text stays.
    );
  }
  return node;
}

/**
 * @param {Katex} setter
 * @param {HTMLElement} node
 * @param {string} tex
 * @param {boolean} display
 */
const setBy = (setter, node, tex, display) =>
  setter.render(tex, node, { displayMode: display, output, throwOnError: false, strict: false });
