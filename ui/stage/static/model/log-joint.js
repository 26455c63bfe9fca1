// The log of weight times density of every component, and the shares that follow from it. The browser evaluates
// them to paint and to answer questions about a point; tests hold them against gmm_core.

export const LOG_TWO_PI = Math.log(2 * Math.PI);

/** A squared distance in standard deviations at which any density is 0, and the like of a logarithm: an infinite one would make a share of 0 / 0. */
export const FARTHEST = 1e300;

/**
 * Shapes with the terms of their log-joint, where Python has not sent them: while something moves.
 * @param {Shapes} shapes
 * @returns {Mixture}
 */
export function withLogJoint({ weights, means, covariances, line }) {
  const k = weights.length;
  const constants = new Float64Array(k);
  const whiteners = new Float64Array(3 * k);
  for (let j = 0; j < k; j++) {
    const [l11, l21, l22] = choleskyOf(covariances, j);
    const logWeight = Math.max(Math.log(weights[j]), -FARTHEST);
    constants[j] = logWeight - (Math.log(l11) + Math.log(l22)) - (line ? 0.5 : 1) * LOG_TWO_PI;
    whiteners.set([1 / l11, -l21 / (l11 * l22), 1 / l22], 3 * j);
  }
  return { weights, means, covariances, constants, whiteners, line };
}

/**
 * Probabilities (K) of a one, with the terms that they add to the log-joint.
 * @param {Float64Array} probabilities
 */
export const withAnswers = (probabilities) => ({
  probabilities,
  logFailures: probabilities.map((p) => Math.max(Math.log(1 - p), -FARTHEST)),
  logSuccesses: probabilities.map((p) => Math.max(Math.log(p), -FARTHEST)),
});

/**
 * The lower triangular factor of component j's covariance: entries 11, 21 and 22.
 * @param {Float64Array} covariances (K x 3)
 * @param {number} j
 */
export function choleskyOf(covariances, j) {
  const [xx, xy, yy] = [covariances[3 * j], covariances[3 * j + 1], covariances[3 * j + 2]];
  const l11 = Math.sqrt(xx);
  // Where the matrix is positive definite by the last digit only, rounding may leave 0.
  return [l11, xy / l11, Math.sqrt(Math.max(yy - (xy / xx) * xy, Number.EPSILON * yy))];
}

/**
 * The squared Mahalanobis distance of (x, y) from component j.
 * @param {LogJoint} terms
 * @param {number} j
 * @param {number} x
 * @param {number} y
 */
export function squaredDistance({ means, whiteners }, j, x, y) {
  const dx = x - means[2 * j];
  const dy = y - means[2 * j + 1];
  const u = whiteners[3 * j] * dx;
  const v = whiteners[3 * j + 1] * dx + whiteners[3 * j + 2] * dy;
  return Math.min(u * u + v * v, FARTHEST);
}

/**
 * Shares of N points, N x R in rows, and the log-density of each, in nats. R is K, and one more where there is
 * noise, whose share is the last.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {LogJoint} terms
 * @param {ArrayLike<number> | null} [binary] (N x B): zeros and ones, where components have terms for them; without
 *   them the densities are those of x and y alone
 */
export function evaluate(x, y, terms, binary) {
  const { constants, temperature = 1 } = terms;
  const logNoise = logNoiseOf(terms, Boolean(binary));
  const n = x.length;
  const k = constants.length;
  const rows = logNoise === undefined ? k : k + 1;
  const responsibilities = new Float64Array(n * rows);
  const logDensities = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++, at += rows) {
    let largest = -Infinity;
    for (let j = 0; j < k; j++) {
      let value = constants[j] - 0.5 * squaredDistance(terms, j, x[i], y[i]);
      if (binary) value += binaryTerms(terms, j, binary, i);
      responsibilities[at + j] = value;
      if (value > largest) largest = value;
    }
    if (logNoise !== undefined) {
      responsibilities[at + k] = logNoise;
      if (logNoise > largest) largest = logNoise;
    }
    logDensities[i] = sharedOut(responsibilities, at, rows, largest, temperature);
  }
  return { responsibilities, logDensities };
}

/**
 * Makes shares of one point's `rows` log-joints from `at` on, and answers the log-density there.
 * @param {Float64Array} values
 * @param {number} at
 * @param {number} rows
 * @param {number} largest of them
 * @param {number} temperature
 */
export function sharedOut(values, at, rows, largest, temperature) {
  if (temperature === 1) return largest + Math.log(shareOut(values, at, rows, largest, 1));
  let total = 0;
  for (let j = 0; j < rows; j++) total += Math.exp(values[at + j] - largest);
  if (temperature > 0) shareOut(values, at, rows, largest, temperature);
  else giveWhole(values, at, rows);
  return largest + Math.log(total);
}

/**
 * Of the noise, to which a zero and a one are alike: where nobody asks which, it is twice as dense a column.
 * @param {LogJoint} terms
 * @param {boolean} asked
 */
export function logNoiseOf({ constants, logFailures, logNoise }, asked) {
  if (logNoise === undefined || asked || !logFailures) return logNoise;
  return logNoise + (logFailures.length / constants.length) * Math.LN2;
}

/**
 * Makes shares of `rows` log-joints from `at` on; returns the sum of their exponentials below the largest.
 * @param {Float64Array} values
 * @param {number} at
 * @param {number} rows
 * @param {number} largest
 * @param {number} temperature
 */
function shareOut(values, at, rows, largest, temperature) {
  let total = 0;
  for (let j = at; j < at + rows; j++) {
    const share = Math.exp((values[j] - largest) / temperature);
    values[j] = share;
    total += share;
  }
  for (let j = at; j < at + rows; j++) values[j] /= total;
  return total;
}

/**
 * Makes shares at temperature 0: the largest takes all, the first of equals.
 * @param {Float64Array} values
 * @param {number} at
 * @param {number} rows
 */
function giveWhole(values, at, rows) {
  let best = at;
  for (let j = at + 1; j < at + rows; j++) if (values[j] > values[best]) best = j;
  values.fill(0, at, at + rows);
  values[best] = 1;
}

/**
 * What the binary columns of point i add to component j's log-joint.
 * @param {LogJoint} terms
 * @param {number} j
 * @param {ArrayLike<number>} binary
 * @param {number} i
 */
export function binaryTerms({ constants, logFailures, logSuccesses }, j, binary, i) {
  if (!logFailures || !logSuccesses) return 0;
  const b = logFailures.length / constants.length;
  let sum = 0;
  for (let c = 0; c < b; c++) sum += (binary[i * b + c] ? logSuccesses : logFailures)[j * b + c];
  return sum;
}
