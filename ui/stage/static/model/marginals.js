// What a mixture in the plane is along one of its axes: the Gaussians of that coordinate, weighted.

import { histogramOf } from "./line.js";
import { mixtureAt } from "./mixture.js";
import { remembering } from "./remembering.js";

/** A curve may be so many times as high as the histogram before it is cut. */
const HIGHEST = 3;

/** Room above the highest. */
const ABOVE = 1.06;

/**
 * Weight times density, at a place along axis 0 or 1, of the noise first, which is spread evenly over the data's range,
 * and then of every component (1 + K).
 * @param {Mixture} mixture
 * @param {0 | 1} axis
 * @param {number} place
 * @param {[number, number]} range of the data
 */
export function marginalsAt({ weights, means, covariances, noise = 0 }, axis, place, [low, high]) {
  const parts = new Float64Array(1 + weights.length);
  if (noise && place >= low && place <= high && high > low) parts[0] = noise / (high - low);
  for (let k = 0; k < weights.length; k++) {
    const variance = covariances[3 * k + 2 * axis];
    const off = place - means[2 * k + axis];
    parts[1 + k] = (weights[k] * Math.exp((-0.5 * off * off) / variance)) / Math.sqrt(2 * Math.PI * variance);
  }
  return parts;
}

/**
 * The points along an axis: their range, their histogram, and how high a picture of them and of the mixture's
 * marginals is, the same for all steps of a run.
 * @type {(run: EMRun, axis: 0 | 1) => Along}
 */
export const along = remembering((run, axis) => {
  const values = axis ? run.y : run.x;
  const { edges, heights } = histogramOf(values);
  /** @type {[number, number]} */
  const range = edges.length ? [edges[0], edges[edges.length - 1]] : [0, 0];
  const bars = Math.max(0, ...heights);
  let curves = 0;
  for (const t of run.states && run.covariances ? [0, run.states - 1] : []) {
    const mixture = mixtureAt(run, t);
    for (let k = 0; k < run.components; k++) {
      const parts = marginalsAt(mixture, axis, mixture.means[2 * k + axis], range);
      curves = Math.max(
        curves,
        parts.reduce((sum, part) => sum + part),
      );
    }
  }
  return { range, edges, heights, top: ABOVE * Math.max(bars, Math.min(HIGHEST * bars, curves)) || 1 };
});
