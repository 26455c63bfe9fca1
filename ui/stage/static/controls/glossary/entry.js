// What the glossary says of one term: picture, name, sentences, formula, source and neighbours.

import { element } from "../../draw/dom.js";
import { formula } from "../../draw/formula.js";
import { threeStrokes } from "../../draw/three-strokes.js";

/** @typedef {import("../../words/terms.js").Terms} Terms */

/**
 * The nodes of a term's explanation, its title first; `press` hears which neighbour was pressed.
 * @param {Terms} terms
 * @param {string} name
 * @param {string} language
 * @param {(name: string) => void} press
 * @param {string[]} [others] more neighbours
 */
export function entryOf(terms, name, language, press, others = []) {
  const { picture, see, source } = terms.terms[name];
  const { page, say } = terms.words[language];
  const [title, sentences] = say[name];
  return [
    element("div", { class: "glossary-head" }, threeStrokes(picture), element("strong", {}, title)),
    element("p", {}, sentences),
    formulaOf(terms, name),
    element("p", { class: "glossary-source", hidden: !source }, `${page.source}: ${source}`),
    element(
      "p",
      { class: "glossary-see" },
      `${page.see}: `,
      ...[...others, ...see].map((other) =>
        element("button", { type: "button", "data-term": other, click: () => press(other) }, say[other][0]),
      ),
    ),
  ];
}

/**
 * @param {Terms} terms
 * @param {string} name
 */
const formulaOf = (terms, name) =>
  element("div", { class: "glossary-formula" }, formula(terms.terms[name].formula, true));
