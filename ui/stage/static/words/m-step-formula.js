// The formula of an M-step, in symbols, and with one component's numbers put in.

import { count, digits, percent, placeText } from "./format.js";
import { aligned, matrix, texOf, tinted } from "./tex.js";

/** What is said where a component holds no part of any point, and what would be a mean is nothing by nothing. */
export const HOLDS_NOTHING = "It holds nothing, so that there is no mean and no spread of what it holds.";

/**
 * The covariances by their letters, of the scatters S of what each component holds: pooled where they are shared.
 * @type {Record<string, string>}
 */
const SPREADS = {
  VVV: "S_k",
  EEE: "\\sum_j N_j S_j \\,/ \\sum_j N_j",
  VVI: "\\operatorname{diag} S_k",
  EEI: "\\operatorname{diag} \\sum_j N_j S_j \\,/ \\sum_j N_j",
  VII: "I \\operatorname{tr} S_k \\,/\\, D",
  EII: "I \\sum_j N_j \\operatorname{tr} S_j \\,/\\, D \\sum_j N_j",
};

/**
 * What was held and what came of it: the component's index among those of state t, and how it is coloured.
 * @typedef {object} Moved
 * @property {number} k counted from 0
 * @property {number} t whose E-step came before
 * @property {EMRun} run
 * @property {number} total N
 * @property {Mixture} mixture that the step led to
 * @property {number[]} spans of the data
 * @property {string} colour
 * @property {boolean} [circles] of the limit dial, of which the means alone move
 */

/**
 * What keeps an M-step from being the weighted mean and spread alone.
 * @param {EMRun} run
 */
const believes = ({ algorithm, m_step }) => algorithm === "variational" || Boolean(m_step?.prior);

/**
 * What is added to every variance.
 * @param {EMRun} run
 */
const added = ({ m_step }) => (m_step?.reg ? ` + ${texOf(digits(m_step.reg))}` : "");

/**
 * The new weights, behind the counts.
 * @param {EMRun} run
 */
function weightInSymbols({ algorithm, noise, m_step }) {
  if (algorithm === "variational") return "";
  return `, \\quad \\pi_k = ${m_step?.equal ? `${noise ? "(1 - \\pi_0)" : "1"} / K` : "N_k / N"}`;
}

/**
 * The new spread, by the family.
 * @param {EMRun} run
 */
function spreadInSymbols(run) {
  const { letters, dimensions } = run;
  const reg = added(run);
  if (dimensions === 1) {
    const own = letters.startsWith("E") ? "\\sum_j N_j s_j^2 \\,/ \\sum_j N_j" : "s_k^2";
    return `\\sigma_k^2 &= ${own}${reg}`;
  }
  const known = SPREADS[letters];
  if (known) return `\\Sigma_k &= ${known}${reg && `${reg} \\, I`}`;
  return `\\Sigma_k & \\text{ is the likeliest, given } S_1, \\dots, S_K${reg && ` (${reg} \\, I)`}`;
}

/**
 * How a component moves to what it holds.
 * @param {EMRun} run
 * @param {boolean} circles
 */
export function moveInSymbols(run, circles = false) {
  const { dimensions, answer, weighted } = run;
  const share = weighted ? "w_i r_{ik}" : "r_{ik}";
  const average = `\\tfrac{1}{N_k} \\sum_i ${share} \\,`;
  const bare = believes(run);
  const mean = bare ? "\\bar{x}_k" : "\\mu_k";
  const off = `x_i - ${mean}`;
  const scatter = dimensions === 1 ? `(${off})^2` : `(${off})(${off})^\\top`;
  const lines = [
    `N_k &= \\sum_i ${share}${circles ? "" : weightInSymbols(run)}`,
    `${mean} &= ${average} x_i`,
    ...(circles ? [] : [`${dimensions === 1 ? "s_k^2" : "S_k"} &= ${average} ${scatter}`]),
    ...(circles || bare ? [] : [spreadInSymbols(run)]),
    ...(answer ? [`${bare ? "\\bar{b}_k" : "\\theta_k"} &= ${average} b_i`] : []),
  ];
  return aligned(lines.map((line) => line.replace("&=", "&= \\textstyle")));
}

/**
 * The numbers of component k: what it held, and what the step made of it.
 * @param {Moved} moved
 */
export function moveInNumbers(moved) {
  const { k, t, run, total, mixture, colour, circles } = moved;
  const held = run.counts[t * run.components + k];
  const holds = texOf(count(held));
  const own = named(k, colour);
  const counted = `${own("N")} &= ${tinted(holds, colour)}`;
  if (circles) return aligned([counted, ...meanLines(moved)]);
  const weight = percent(mixture.weights[k], 2);
  const plain = run.algorithm !== "variational" && !run.m_step?.equal && percent(held / total, 2) === weight;
  const sum = plain ? ` = ${tinted(holds, colour)} / ${texOf(count(total))}` : "";
  const name = run.algorithm === "variational" ? `\\mathbb{E} \\, ${own("\\pi")}` : own("\\pi");
  return aligned([
    `${counted}, \\quad ${name}${sum} = ${tinted(texOf(weight), colour)}`,
    ...meanLines(moved),
    ...spreadLines(moved),
    ...answerLines(moved),
  ]);
}

/**
 * Letters with the number of component k, in its colour.
 * @param {number} k
 * @param {string} colour
 * @returns {(letter: string, power?: string) => string}
 */
const named =
  (k, colour) =>
  (letter, power = "") =>
    tinted(`${letter}_{${k + 1}}${power}`, colour);

/**
 * What was held, if anything was, and below it what came of it where that is, or may be, something else.
 * @param {Moved} moved
 * @param {[before: string, after: string]} letters
 * @param {[was: string, is: string]} texts
 */
function heldAndMade({ k, t, run, colour }, [before, after], [was, is]) {
  const own = named(k, colour);
  const line = (/** @type {string} */ letter, /** @type {string} */ text) =>
    `${own(letter)} &= ${tinted(texOf(text), colour)}`;
  const alone = !run.counts[t * run.components + k] || (was === is && !believes(run));
  return alone ? [line(after, is)] : [line(before, was), line(after, is)];
}

/** @param {Moved} moved */
function meanLines(moved) {
  const { k, t, run, mixture, spans } = moved;
  const before = run.moment_means.subarray(2 * (t * run.components + k));
  return heldAndMade(
    moved,
    ["\\bar{x}", "\\mu"],
    [placeText(before, spans), placeText(mixture.means.subarray(2 * k), spans)],
  );
}

/** @param {Moved} moved */
function spreadLines({ k, t, run, mixture, colour }) {
  const at = t * run.components + k;
  const own = named(k, colour);
  const [S, Sigma] = [
    run.scatters.subarray(3 * at, 3 * at + 3).map((value) => value / run.counts[at]),
    mixture.covariances.subarray(3 * k, 3 * k + 3),
  ].map((matrices) => tinted(spreadOf(matrices, run.dimensions), colour));
  const [letter, power] = run.dimensions === 1 ? ["s", "^2"] : ["S", ""];
  const made = run.dimensions === 1 ? "\\sigma" : "\\Sigma";
  if (!run.counts[at]) return [`${own(made, power)} &= ${Sigma}`];
  if (S === Sigma) return [`${own(made, power)} &= ${own(letter, power)} = ${S}`];
  return [`${own(letter, power)} &= ${S}`, `${own(made, power)} &= ${Sigma}`];
}

/**
 * A variance of the line, or a covariance of the plane.
 * @param {Float64Array} matrices (3: xx, xy, yy)
 * @param {number} dimensions
 */
function spreadOf([xx, xy, yy], dimensions) {
  return dimensions === 1 ? texOf(digits(xx)) : matrix(digits(xx), digits(xy), digits(yy));
}

/** @param {Moved} moved */
function answerLines(moved) {
  const { k, t, run, mixture } = moved;
  const at = t * run.components + k;
  if (!run.answer || !run.successes || !mixture.probabilities) return [];
  const texts = [run.successes[at] / run.counts[at], mixture.probabilities[k]].map((share) => percent(share));
  return heldAndMade(moved, ["\\bar{b}", "\\theta"], [texts[0], texts[1]]);
}

/**
 * What a component begins with.
 * @param {{ k: number, run: EMRun, mixture: Mixture, spans: number[], colour: string }} component
 */
export function guessInNumbers({ k, run, mixture, spans, colour }) {
  const own = named(k, colour);
  const covariance = spreadOf(mixture.covariances.subarray(3 * k, 3 * k + 3), run.dimensions);
  const line = (/** @type {string} */ name, /** @type {string} */ tex) => `${name} &= ${tinted(tex, colour)}`;
  return aligned([
    line(own("\\pi"), texOf(percent(mixture.weights[k], 2))),
    line(own("\\mu"), texOf(placeText(mixture.means.subarray(2 * k), spans))),
    line(run.dimensions === 1 ? own("\\sigma", "^2") : own("\\Sigma"), covariance),
    ...(mixture.probabilities ? [line(own("\\theta"), texOf(percent(mixture.probabilities[k])))] : []),
  ]);
}
