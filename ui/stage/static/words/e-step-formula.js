// The formula of an E-step, in symbols, and with one point's numbers put in.

import { density, percent } from "./format.js";
import { aligned, texOf, tinted } from "./tex.js";

/** Of more components the largest shares stand there, and dots for the others. */
const IN_FULL = 6;
const OF_MORE = 5;

/** So many terms of a sum stand on a line, or fewer where they carry powers of ten. */
const A_LINE = 4;
const OF_POWERS = 2;

/** What explainPoint says of a component, or of the noise. @typedef {{ weight: number, density: number, chance: number, joint: number, responsibility: number }} Part */

/** @param {EMRun} run @param {string} k */
function product({ dimensions, answer }, k) {
  const spread = dimensions === 1 ? `\\sigma_${k}^2` : `\\Sigma_${k}`;
  const chance = answer ? ` \\, P(b_i \\mid \\theta_${k})` : "";
  return `\\pi_${k} \\, \\mathcal{N}(x_i \\mid \\mu_${k}, ${spread})${chance}`;
}

/**
 * The density of the noise, which is the same everywhere; a zero and a one are alike to it.
 * @param {EMRun} run
 */
const noiseTerm = ({ noise, answer }) => (noise ? `\\frac{\\pi_0}{${answer ? "2V" : "V"}}` : "");

/**
 * What the shares of a point follow from.
 * @param {EMRun} run
 */
export function sharesInSymbols(run) {
  const [own, others] = ["k", "j"].map((k) => product(run, k));
  const noise = noiseTerm(run);
  const behind = noise && ` + ${noise}`;
  if (run.algorithm === "classification") {
    const largest = `\\text{is largest${noise && ", and above "}}${noise}`;
    return `r_{ik} = \\begin{cases} 1 & \\text{where } ${own} \\\\ & ${largest} \\\\ 0 & \\text{elsewhere} \\end{cases}`;
  }
  if (run.algorithm === "annealed") {
    const root = (/** @type {string} */ tex) => `\\big(${tex}\\big)^{1/T}`;
    return `r_{ik} = \\frac{${root(own)}}{\\sum_j ${root(others)}${noise && ` + ${root(noise)}`}}`;
  }
  if (run.algorithm === "variational")
    return aligned([
      `\\rho_{ik} &= \\exp \\mathbb{E} \\log \\big(${own}\\big)`,
      ...(noise ? [`\\rho_{i0} &= \\exp \\mathbb{E} \\log ${noise}`] : []),
      `r_{ik} &= \\frac{\\rho_{ik}}{\\sum_j \\rho_{ij}${noise && " + \\rho_{i0}"}}`,
    ]);
  return `r_{ik} = \\frac{${own}}{\\sum_j ${others}${behind}}`;
}

/**
 * The density at a point, which the start has as well.
 * @param {EMRun} run
 */
export function densityInSymbols(run) {
  const noise = noiseTerm(run);
  return `p(x_i) = \\sum_k ${product(run, "k")}${noise && ` + ${noise}`}`;
}

/**
 * Which parts stand in full: all, or those with the largest shares in the order of the components.
 * @param {Part[]} parts
 */
function inFull(parts) {
  const all = [...parts.keys()];
  if (parts.length <= IN_FULL) return all;
  return all
    .sort((a, b) => parts[b].responsibility - parts[a].responsibility || a - b)
    .slice(0, OF_MORE)
    .sort((a, b) => a - b);
}

/**
 * A sum, broken into lines.
 * @param {string[]} terms
 * @param {boolean} more whether others follow
 */
function sumOf(terms, more) {
  const all = more ? [...terms, "\\dots"] : terms;
  const most = terms.some((term) => term.includes("^")) ? OF_POWERS : A_LINE;
  const lines = [];
  for (let at = 0; at < all.length; at += most) lines.push(all.slice(at, at + most).join(" + "));
  return lines.join(" \\\\ &\\quad + ");
}

/**
 * Weight, density and, where there is one, the chance of the answer, multiplied.
 * @param {Part} part
 * @param {boolean} answered
 */
const factors = ({ weight, density: dense, chance }, answered) =>
  [percent(weight), density(dense), ...(answered ? [percent(chance)] : [])].map(texOf).join(" \\cdot ");

/**
 * The shares of point `i`, counted from 0, out of the `parts` that its components have in it.
 * @param {object} point
 * @param {number} point.i
 * @param {EMRun} point.run
 * @param {Part[]} point.parts
 * @param {string[]} point.colours one for each part
 * @param {number} [point.temperature]
 */
export function sharesInNumbers({ i, run, parts, colours, temperature = 1 }) {
  const rows = inFull(parts);
  const answered = Boolean(run.answer);
  const total = parts.reduce((sum, { joint }) => sum + joint, 0);
  /** @param {number} k */
  const name = (k) => `r_{${i + 1},${k < run.components ? k + 1 : "\\text{noise}"}}`;
  /** @param {number} k */
  const share = (k) => texOf(percent(parts[k].responsibility));
  const more = rows.length < parts.length;
  const dots = more ? ["&\\ \\vdots"] : [];
  const tint = (/** @type {string} */ tex, /** @type {number} */ k) => tinted(tex, colours[k]);
  // So far out that no product is a number any more; the shares are those of the logarithms.
  if (!(total > 0)) return aligned([...rows.map((k) => `${tint(name(k), k)} &= ${share(k)}`), ...dots]);
  if (run.algorithm === "classification") {
    const line = (/** @type {number} */ k) =>
      `${tint(name(k), k)} &= ${share(k)} && ${tint(`${factors(parts[k], answered)} = ${texOf(density(parts[k].joint))}`, k)}`;
    return aligned([...rows.map(line), ...dots]);
  }
  const warm = temperature === 1 || !temperature ? 1 : temperature;
  const roots = parts.map(({ joint }) => joint ** (1 / warm));
  const sum = texOf(density(roots.reduce((all, root) => all + root, 0)));
  /** @param {number} k */
  const top = (k) => {
    if (run.algorithm === "variational") return texOf(density(parts[k].joint));
    const own = factors(parts[k], answered);
    return warm === 1 ? own : `(${own})^{1/${warm.toFixed(2)}}`;
  };
  const line = (/** @type {number} */ k) =>
    `${tint(name(k), k)} &= ${tint(top(k), k)} \\,/\\, ${sum} = ${tint(share(k), k)}`;
  const terms = rows.map((k) => tint(texOf(density(roots[k])), k));
  return aligned([...rows.map(line), ...dots, `${sum} &= ${sumOf(terms, more)}`]);
}

/**
 * The density at point `i`, counted from 0.
 * @param {{ i: number, parts: Part[], colours: string[] }} point
 */
export function densityInNumbers({ i, parts, colours }) {
  const rows = inFull(parts);
  const total = parts.reduce((sum, { joint }) => sum + joint, 0);
  const terms = rows.map((k) => tinted(texOf(density(parts[k].joint)), colours[k]));
  return aligned([
    `p(x_{${i + 1}}) &= ${sumOf(terms, rows.length < parts.length)}`,
    `&= ${texOf(density(total))}`,
  ]);
}
