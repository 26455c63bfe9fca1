// The log-joint in more columns than two: what points are coloured by, whichever pair of columns is shown.

import { FARTHEST, LOG_TWO_PI, binaryTerms, evaluate, logNoiseOf, sharedOut } from "./log-joint.js";

/**
 * State t's log-joint in all columns.
 * @param {EMRun} run
 * @param {number} t
 * @returns {Columns}
 */
export function columnsAt(run, t) {
  const whole = /** @type {Whole} */ (run.whole);
  const { components: k, dimensions: d } = run;
  const size = (d * (d + 1)) / 2;
  return {
    dimensions: d,
    pair: run.pair,
    means: whole.means.subarray(t * k * d, (t + 1) * k * d),
    covariances: whole.covariances.subarray(t * k * size, (t + 1) * k * size),
    constants: whole.constants.subarray(t * k, (t + 1) * k),
    whiteners: whole.whiteners.subarray(t * k * size, (t + 1) * k * size),
    logFailures: run.log_failures?.subarray(t * k, (t + 1) * k),
    logSuccesses: run.log_successes?.subarray(t * k, (t + 1) * k),
    logNoise: run.log_noise?.[t],
    temperature: run.temperatures?.[t],
  };
}

/**
 * Components with the terms of their log-joint, where Python has not sent them: while something moves.
 * @template {{ dimensions: number, means: Float64Array, covariances: Float64Array }} C
 * @param {C} columns
 * @param {Float64Array} weights (K)
 */
export function withTerms(columns, weights) {
  const { dimensions: d, covariances } = columns;
  const size = (d * (d + 1)) / 2;
  const constants = new Float64Array(weights.length);
  const whiteners = new Float64Array(size * weights.length);
  weights.forEach((weight, k) => {
    const factor = choleskyIn(covariances.subarray(k * size, (k + 1) * size), d);
    let half = 0;
    for (let i = 0; i < d; i++) half += Math.log(factor[lowerAt(i, i)]);
    constants[k] = Math.log(weight) - half - (d / 2) * LOG_TWO_PI;
    whiteners.set(inverted(factor, d), k * size);
  });
  return { ...columns, constants, whiteners };
}

/**
 * Where entry (i, j), j <= i, of a lower triangular matrix is, row by row.
 * @param {number} i
 * @param {number} j
 */
const lowerAt = (i, j) => (i * (i + 1)) / 2 + j;

/**
 * The lower triangular factor of a covariance, of which the entries on and above the diagonal are given.
 * @param {Float64Array} upper
 * @param {number} d
 */
function choleskyIn(upper, d) {
  const factor = new Float64Array(upper.length);
  for (let j = 0, at = 0; j < d; j++) {
    for (let i = j; i < d; i++, at++) {
      let value = upper[at];
      for (let m = 0; m < j; m++) value -= factor[lowerAt(i, m)] * factor[lowerAt(j, m)];
      factor[lowerAt(i, j)] = i === j ? Math.sqrt(value) : value / factor[lowerAt(j, j)];
    }
  }
  return factor;
}

/**
 * The inverse of a lower triangular matrix.
 * @param {Float64Array} factor
 * @param {number} d
 */
function inverted(factor, d) {
  const inverse = new Float64Array(factor.length);
  for (let j = 0; j < d; j++) {
    inverse[lowerAt(j, j)] = 1 / factor[lowerAt(j, j)];
    for (let i = j + 1; i < d; i++) {
      let sum = 0;
      for (let m = j; m < i; m++) sum += factor[lowerAt(i, m)] * inverse[lowerAt(m, j)];
      inverse[lowerAt(i, j)] = -sum / factor[lowerAt(i, i)];
    }
  }
  return inverse;
}

/** What a point lacks to component k's mean; one is enough, since nothing else runs meanwhile. */
const off = new Float64Array(64);

/**
 * The squared Mahalanobis distance from component k of the point whose D numbers begin at `at`.
 * @param {Columns} columns
 * @param {number} k
 * @param {ArrayLike<number>} points
 * @param {number} at
 */
export function squaredDistanceIn({ dimensions: d, means, whiteners }, k, points, at) {
  for (let i = 0; i < d; i++) off[i] = points[at + i] - means[k * d + i];
  let sum = 0;
  for (let i = 0, entry = (k * d * (d + 1)) / 2; i < d; i++) {
    let value = 0;
    for (let j = 0; j <= i; j++, entry++) value += whiteners[entry] * off[j];
    sum += value * value;
  }
  return Math.min(sum, FARTHEST);
}

/**
 * As `evaluate` in log-joint.js, of points (N x D) in rows.
 * @param {Float64Array} points
 * @param {Columns} columns
 * @param {ArrayLike<number> | null} [binary] (N)
 */
export function evaluateIn(points, columns, binary) {
  const { dimensions: d, constants, temperature = 1 } = columns;
  const logNoise = logNoiseOf(columns, Boolean(binary));
  const k = constants.length;
  const n = points.length / d;
  const rows = logNoise === undefined ? k : k + 1;
  const responsibilities = new Float64Array(n * rows);
  const logDensities = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++, at += rows) {
    let largest = -Infinity;
    for (let j = 0; j < k; j++) {
      let value = constants[j] - 0.5 * squaredDistanceIn(columns, j, points, i * d);
      if (binary) value += binaryTerms(columns, j, binary, i);
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
 * Shares of marks, N x R in rows, and the log-density of each: in all columns, however few are shown. A cell's are the
 * means over those of its points that speak for it.
 * @param {Places} marks
 * @param {Mixture} mixture
 */
export function evaluateMarks(marks, mixture) {
  if (marks !== asked.marks || mixture !== asked.mixture) {
    asked = { marks, mixture, answer: evaluateAll(marks, mixture) };
  }
  return /** @type {ReturnType<typeof evaluate>} */ (asked.answer);
}

/**
 * What was asked last: under a hand the colours, the noise and the likelihood all ask for the same.
 * @type {{ marks: Places | null, mixture: Mixture | null, answer: ReturnType<typeof evaluate> | null }}
 */
let asked = { marks: null, mixture: null, answer: null };

/**
 * @param {Places} marks
 * @param {Mixture} mixture
 */
function evaluateAll({ x, y, binary, all }, mixture) {
  if (!all || !mixture.columns) return evaluate(x, y, mixture, binary);
  if (!all.owners) return evaluateIn(all.points, mixture.columns, binary);
  const { owners } = all;
  const spoken = binary && Uint8Array.from(owners, (mark) => binary[mark]);
  return averaged(evaluateIn(all.points, mixture.columns, spoken), owners, x.length);
}

/**
 * @param {{ responsibilities: Float64Array, logDensities: Float64Array }} of rows that stand for marks
 * @param {Uint32Array} owners the mark of every row
 * @param {number} n marks
 */
function averaged({ responsibilities, logDensities }, owners, n) {
  const rows = responsibilities.length / owners.length;
  const shares = new Float64Array(n * rows);
  const densities = new Float64Array(n);
  const counts = new Uint32Array(n);
  owners.forEach((mark, i) => {
    counts[mark]++;
    densities[mark] += logDensities[i];
    for (let r = 0; r < rows; r++) shares[mark * rows + r] += responsibilities[i * rows + r];
  });
  for (let at = 0; at < shares.length; at++) shares[at] /= counts[Math.floor(at / rows)];
  return { responsibilities: shares, logDensities: densities.map((sum, mark) => sum / counts[mark]) };
}
