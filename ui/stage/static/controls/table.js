// The tables beside the picture.

import { element } from "../draw/dom.js";
import { glyphSign } from "../draw/glyphs.js";

/** The head of the column of numbered components, for those who hear the table. */
const corner = () => element("th", { scope: "col" }, element("span", { class: "em-unseen" }, "component"));

/**
 * A row of headings, after the column of numbered components; each may have a title that explains it.
 * @param {[name: string, title?: string][]} headings
 */
export const headOf = (headings) =>
  element(
    "thead",
    {},
    element(
      "tr",
      {},
      corner(),
      ...headings.map(([name, title]) => element("th", { scope: "col", title }, name)),
    ),
  );

/**
 * Names and values, one pair a row.
 * @param {[name: string, value: string][]} pairs
 */
export const tableOfPairs = (pairs) =>
  element(
    "table",
    { class: "em-table" },
    element(
      "tbody",
      {},
      ...pairs.map(([name, value]) =>
        element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)),
      ),
    ),
  );

/**
 * A cell with a bar as long as a share, in a colour.
 * @param {number} share
 * @param {string} colour
 * @param {string} text
 */
export const shareCell = (share, colour, text) =>
  element("td", { class: "em-share", style: `--em-share:${100 * share}%;--em-colour:${colour}` }, text);

/**
 * Component k's number and sign.
 * @param {number} k
 * @param {Theme} theme
 */
export const chip = (k, theme) =>
  element(
    "span",
    { class: "em-chip", style: `--em-colour:${theme.palette[k]}` },
    String(k + 1),
    glyphSign(theme.glyphs[k]),
  );
