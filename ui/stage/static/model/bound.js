// The lower bound on the log-likelihood: what an E-step makes tight and an M-step raises (Bishop 2006, 9.70-9.71).

/** @typedef {import("./em.js").State} State */

/**
 * The bound that the responsibilities of `before` give on the log-likelihood of the mixture after its M-step, in nats.
 * @param {State} before
 * @param {Mixture} after
 */
export const lowerBound = (before, after) =>
  before.logLikelihood + expectedLogJoint(before, after) - expectedLogJoint(before, before.mixture);

/**
 * E[log p(x, z)] over all points, in nats: what the M-step maximises (Bishop 2006, 9.40).
 * @param {State} moments
 * @param {Mixture} mixture
 */
function expectedLogJoint({ counts, means, scatters }, { constants, means: places, whiteners }) {
  let total = 0;
  for (let j = 0; j < counts.length; j++) {
    if (!(counts[j] > 0)) continue;
    const [w11, w21, w22] = whiteners.subarray(3 * j, 3 * j + 3);
    const [xx, xy, yy] = scatters.subarray(3 * j, 3 * j + 3);
    const [dx, dy] = [means[2 * j] - places[2 * j], means[2 * j + 1] - places[2 * j + 1]];
    const within = w11 * w11 * xx + w21 * w21 * xx + 2 * w21 * w22 * xy + w22 * w22 * yy;
    const moved = (w11 * dx) ** 2 + (w21 * dx + w22 * dy) ** 2;
    total += counts[j] * constants[j] - 0.5 * (within + counts[j] * moved);
  }
  return total;
}
