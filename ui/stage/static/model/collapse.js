// When a component has lost its points or its extent, as gmm_core.collapse has it.

import { sum } from "./maximization.js";
import { EPSILON, SMALLEST } from "./precision.js";

/** @typedef {{ counts: Float64Array, means: Float64Array, scatters: Float64Array }} Moments */

/**
 * Of component k, counted from 0: the points it still held, and the smallest eigenvalue of its covariance.
 * @typedef {{ component: number, count: number, total: number, smallestEigenvalue: number, isEmpty: boolean }} Collapse
 */

/**
 * The first component that holds none of the points; null where each holds some.
 * @param {Moments} moments
 * @param {boolean} line
 * @returns {Collapse | null}
 */
export function lostPoints(moments, line) {
  const total = sum(moments.counts);
  const component = moments.counts.findIndex((count) => !(count > EPSILON * total));
  return component < 0 ? null : collapsed(moments, total, component, moments.scatters, line);
}

/**
 * The first component of less extent than float64 can carry; null for none. Two measures, neither of which depends on
 * the units of an axis: a variance against that of all points, and the correlation.
 * @param {Moments} moments
 * @param {Float64Array} covariances (K x 3)
 * @param {boolean} line
 * @returns {Collapse | null}
 */
export function lostExtent(moments, covariances, line) {
  const total = sum(moments.counts);
  const spread = spreadOf(moments, total);
  for (let j = 0; j < moments.counts.length; j++) {
    const [xx, xy, yy] = covariances.subarray(3 * j, 3 * j + 3);
    const wide = [xx, yy].every(
      (variance, axis) => (line && axis) || variance > rounding(spread[axis], moments.means[2 * j + axis]),
    );
    const correlation = Math.abs(xy / Math.sqrt(xx) / Math.sqrt(yy));
    if (!wide || (!line && !(1 - correlation > 32 * EPSILON)))
      return collapsed(moments, total, j, covariances, line);
  }
  return null;
}

/**
 * The variance along an axis that may be but rounding: points carry about 16 digits.
 * @param {number} spread the variance of all points
 * @param {number} place
 */
const rounding = (spread, place) => (32 * EPSILON) ** 2 * spread + (4 * EPSILON * place) ** 2 + SMALLEST;

/**
 * The variances of all points along the axes, from what the components hold.
 * @param {Moments} moments
 * @param {number} total
 */
function spreadOf({ counts, means, scatters }, total) {
  return [0, 1].map((axis) => {
    const centre = sum(counts.map((count, j) => count * means[2 * j + axis])) / total;
    return (
      sum(
        counts.map((count, j) => scatters[3 * j + 2 * axis] + count * (means[2 * j + axis] - centre) ** 2),
      ) / total
    );
  });
}

/**
 * @param {Moments} moments
 * @param {number} total
 * @param {number} component
 * @param {Float64Array} matrices (K x 3)
 * @param {boolean} line
 * @returns {Collapse}
 */
function collapsed({ counts }, total, component, matrices, line) {
  const [xx, xy, yy] = matrices.subarray(3 * component, 3 * component + 3);
  const smallest = line ? xx : 0.5 * (xx + yy) - Math.hypot(0.5 * (xx - yy), xy);
  const count = counts[component];
  return {
    ...{ component, count, total },
    smallestEigenvalue: Math.max(smallest, 0),
    isEmpty: !(count > EPSILON * total),
  };
}
