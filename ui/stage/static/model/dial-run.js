// The runs of the limit dial: every one from the same centres, with one variance for all components.

import { everyPicture } from "../protocol/runs.js";
import { remembering } from "./remembering.js";

/**
 * The run at a position of the dial, of its own length: equal weights and circles. It has neither bounds nor
 * moments.
 * @type {(run: EMRun, position: number) => EMRun}
 */
export const dialRun = remembering((run, position) => {
  const { dial, dial_means: means, dial_curve: curves, components: k } = run;
  if (!dial || !means || !curves) throw new Error("This run came without a dial.");
  const first = dial.lengths.slice(0, position).reduce((sum, length) => sum + length, 0);
  const states = dial.lengths[position];
  const curve = curves.subarray(first, first + states);
  const variance = dial.variances[position];
  return {
    ...run,
    states,
    stop: dial.stops[position],
    weights: new Float64Array(states * k).fill(1 / k),
    means: means.subarray(2 * first * k, 2 * (first + states) * k),
    covariances: Float64Array.from({ length: 3 * states * k }, (_, i) => (i % 3 === 1 ? 0 : variance)),
    constants: undefined,
    whiteners: undefined,
    bounds: undefined,
    algorithm: "em",
    curve_name: "log-likelihood",
    moves: {},
    rows: k,
    noise: undefined,
    log_noise: undefined,
    temperatures: undefined,
    curve,
    log_likelihoods: curve,
    values: everyPicture(curve),
  };
});
