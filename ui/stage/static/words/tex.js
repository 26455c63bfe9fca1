// Numbers as people read them, in TeX: to the digit those of words/format.js.

const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * @param {string} text a number, or a place, as words/format.js writes it
 */
export const texOf = (text) =>
  text
    .replaceAll(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) => `^{${[...power].map(digitOf).join("")}}`)
    .replaceAll("·", " \\cdot ")
    .replaceAll("−", "\\mathord{-}")
    .replaceAll("%", "\\%")
    .replaceAll("∞", "\\infty")
    .replaceAll("–", "\\text{–}")
    .replaceAll(/,(?=\d)/g, "{,}")
    .replaceAll(", ", ",\\, ");

/** @param {string} letter */
const digitOf = (letter) => (letter === "⁻" ? "-" : String(POWERS.indexOf(letter)));

/**
 * @param {string} tex
 * @param {string | undefined} colour as "#rrggbb"
 */
export const tinted = (tex, colour) => (colour ? `\\textcolor{${colour}}{${tex}}` : tex);

/**
 * Lines under one another, aligned where each has its &.
 * @param {string[]} lines
 */
export const aligned = (lines) => `\\begin{aligned} ${lines.join(" \\\\ ")} \\end{aligned}`;

/**
 * A symmetric matrix of the plane.
 * @param {string} xx
 * @param {string} xy
 * @param {string} yy
 */
export const matrix = (xx, xy, yy) =>
  `\\begin{pmatrix} ${texOf(xx)} & ${texOf(xy)} \\\\ ${texOf(xy)} & ${texOf(yy)} \\end{pmatrix}`;
