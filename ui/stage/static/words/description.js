// What is seen on a picture, in words: how many components, where, of what weight, and how sure the points are.

import { SURE, held, sureness } from "../model/shares.js";
import { count, density, digits, percent, placeText } from "./format.js";

const PHASES = { start: "The start", E: "E-step", M: "M-step" };

/**
 * What is seen of a picture: `shares` (N x K) are those the colours show, null before the first E-step; `spans` are
 * the data's extent across and upwards.
 * @template {Components} C
 * @typedef {{ run: Run, phase: Phase, iteration: number, components: C, shares: Float64Array | null,
 *   spans: number[], marks: { sizes?: ArrayLike<number> } }} Seen
 */

/**
 * How surely the marks, each standing for sizes[i] points, belong to one component.
 * @param {Float64Array} shares
 * @param {number} k
 * @param {ArrayLike<number>} [sizes]
 */
function describeSureness(shares, k, sizes) {
  const { total, mean, torn } = sureness(shares, k, sizes);
  const one = torn === 1;
  return `On average a point gives ${percent(mean)} of itself to one component; ${count(torn)} of ${count(total)} points ${one ? "is" : "are"} torn: no component has ${percent(SURE, 0)} of ${one ? "it" : "one"}.`;
}

/**
 * Sentences on a mixture.
 * @param {Seen<Mixture>} seen
 */
export function describeMixture({ run, phase, iteration, components, shares, spans, marks }) {
  const k = run.components;
  const parts = Array.from({ length: k }, (_, j) => {
    const [xx, , yy] = components.covariances.subarray(3 * j, 3 * j + 3);
    const spread = [xx, yy].slice(0, run.dimensions).map((variance) => digits(Math.sqrt(variance)));
    const yes = run.answer && components.probabilities;
    const answers = yes ? `, ${percent(yes[j])} ${run.answer?.[2]}` : "";
    return `${j + 1} at ${place(components.means, j, spans)}, weight ${percent(components.weights[j])}, spread ${spread.join(" by ")}${answers}`;
  });
  const soft = shares
    ? describeSureness(shares, run.rows, marks.sizes)
    : "No point belongs to any of them yet.";
  return `${opening(run, phase, iteration)} ${count(run.n)} points, K = ${k} ${run.dimensions === 1 ? "curves" : "ellipses"}. ${parts.join("; ")}. ${soft}`;
}

/**
 * Sentences on K-Means, whose points belong whole to one centre.
 * @param {Seen<Components>} seen
 */
export function describeClusters({ run, phase, iteration, components, shares, spans, marks }) {
  const k = run.components;
  const counts = shares && held(shares, k, marks.sizes);
  const parts = Array.from(
    { length: k },
    (_, j) =>
      `${j + 1} at ${place(components.means, j, spans)}${counts ? `, ${count(counts[j])} points` : ""}`,
  );
  const hard = shares
    ? "Every point belongs whole to the nearest centre."
    : "No point belongs to any of them yet.";
  return `K-Means. ${opening(run, phase, iteration)} ${count(run.n)} points, K = ${k} centres. ${parts.join("; ")}. ${hard}`;
}

/**
 * @param {Run} run
 * @param {Phase} phase
 * @param {number} iteration
 */
const opening = (run, phase, iteration) =>
  `${PHASES[phase]}${phase === "start" ? "" : `, iteration ${iteration}`}. ${run.columns[0]} across, ${run.columns[1]} upwards${run.dimensions > 2 ? `, two of ${run.dimensions} columns` : ""}.`;

/**
 * @param {Float64Array} means
 * @param {number} j
 * @param {number[]} spans
 */
const place = (means, j, spans) => placeText(means.subarray(2 * j), spans);

/**
 * What hills add to the description of a mixture, by its density at every mean.
 * @param {Components} components
 * @param {ArrayLike<number>} peaks
 */
export function describeHills({ weights }, peaks) {
  const order = Array.from(weights, (_, k) => k).sort((a, b) => peaks[b] - peaks[a]);
  const hills = order.map((k) => `${density(peaks[k])} at ${k + 1}`);
  return `Shown as hills above the points: the density is ${hills.join(", ")}. Shift with an arrow key turns them.`;
}

/** @param {Run} run */
export const describeMargins = ({ columns }) =>
  `Along the edges stand the densities of ${columns[0]} and of ${columns[1]} alone, one component upon the other, before histograms of the points.`;
