// The point on which the components disagree most, which stands in a formula where nobody has asked for another.

import { evaluateIn } from "./columns.js";
import { evaluate } from "./log-joint.js";
import { mixtureAt } from "./mixture.js";
import { remembering } from "./remembering.js";

/** Of more points so many are looked at, evenly over their rows. */
const MOST_LOOKED_AT = 5_000;

/**
 * Whether every point of a run is looked at, and not only some of them.
 * @param {Run} run
 */
export const looksAtAll = ({ n }) => n <= MOST_LOOKED_AT;

/**
 * The index of the point whose largest share is the smallest at the end of a run, so that it stays the same from step
 * to step; shares are those at temperature 1, since at 0 nobody is torn. −1 without points or a run.
 * @type {(run: EMRun) => number}
 */
export const mostTorn = remembering((run) => {
  const every = Math.ceil(run.n / MOST_LOOKED_AT);
  const looked = Array.from({ length: Math.ceil(run.n / every) }, (_, i) => i * every);
  // A point that is about to be taken off has no place.
  const seen = looked.filter((i) => Number.isFinite(run.x[i]));
  if (!seen.length || !run.states) return -1;
  const shares = sharesOf(run, seen);
  const rows = shares.length / seen.length;
  const largest = seen.map((_, i) => Math.max(...shares.subarray(i * rows, (i + 1) * rows)));
  return seen[largest.indexOf(Math.min(...largest))];
});

/**
 * The shares of some points at the last state.
 * @param {EMRun} run
 * @param {number[]} points
 */
function sharesOf(run, points) {
  const mixture = { ...mixtureAt(run, run.states - 1), temperature: 1 };
  const binary = run.binary ? points.map((i) => /** @type {Uint8Array} */ (run.binary)[i]) : null;
  const { whole, dimensions: d } = run;
  if (whole && mixture.columns) {
    const places = Float64Array.from(points.flatMap((i) => [...whole.points.subarray(i * d, (i + 1) * d)]));
    return evaluateIn(places, { ...mixture.columns, temperature: 1 }, binary).responsibilities;
  }
  const [x, y] = [run.x, run.y].map((values) => points.map((i) => values[i]));
  return evaluate(x, y, mixture, binary).responsibilities;
}
