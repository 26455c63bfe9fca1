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

/** When the formulas there are have their final size: KaTeX is there, or will not come, and so are its letters. */
export const whenSet = async () => {
  await coming?.catch(() => {});
  await document.fonts?.ready;
};

/**
 * @param {Katex} setter
 * @param {HTMLElement} node
 * @param {string} tex
 * @param {boolean} display
 */
function setBy(setter, node, tex, display) {
  setter.render(tex, node, { displayMode: display, output, throwOnError: false, strict: false });
  for (const part of node.querySelectorAll("[class^='katex-']")) part.classList.add(olderName(part));
}

/**
 * What a style sheet from before version 0.18 calls a part: younger releases put a prefix before the name, and a page
 * may have the script of one and the style sheet of another.
 * @param {Element} part
 */
const olderName = ({ classList }) => classList[0].replace("katex-", "");
