// The E-step: what every component gathers from the points. Log-sum-exp over the components' log-joints, and moments in
// each component's own coordinates, z = W (x - m), so that neither a far origin nor a thin component costs digits.
//
// Everything lies in the plane: points on a line have y = 0, and their components the spread 1 across it.

import { FARTHEST } from "./log-joint.js";
import { EPSILON, LEAST_COUNT } from "./precision.js";

/**
 * Points to be fitted: columns (N), whether they lie on a line, and how many times each counts; once if left out.
 * @typedef {{ x: Float64Array, y: Float64Array, line: boolean, weights?: Float64Array | null }} Sample
 */

/**
 * What K components have gathered: counts (K), means (K x 2), scatters (K x 3: xx, xy, yy) about them, and the
 * log-likelihood of the points, in nats.
 * @typedef {{ counts: Float64Array, means: Float64Array, scatters: Float64Array, logLikelihood: number }} Gathered
 */

/** Shares whose logarithms are below this are as good as 0. */
const LEAST_LOG_SHARE = Math.log(1e-299);

/** How many times larger than what is left of it a square may be that something was taken off. */
const MOST_CANCELLED = 1e5;

/** Points whose sums are added to those of all the others at once, so that long sums lose no digits. */
const BLOCK = 1024;

/** Numbers summed for a component: the shares, the coordinates and their products. */
const SUMS = 6;

/** E-steps on the same points for K components. */
export class Expectation {
  /**
   * @param {Sample} sample
   * @param {number} k
   */
  constructor(sample, k) {
    this.sample = sample;
    this.k = k;
    this.sums = new Float64Array(SUMS * k);
    this.block = new Float64Array(SUMS * k);
    this.shares = new Float64Array(k);
    /** A point in the components' own coordinates. */
    this.own = new Float64Array(2 * k);
  }

  /**
   * @param {Mixture} mixture
   * @returns {Gathered}
   */
  of(mixture) {
    const { sums, k } = this;
    const logLikelihood = this.addUp(mixture, null);
    const gathered = {
      counts: new Float64Array(k),
      means: new Float64Array(2 * k),
      scatters: new Float64Array(3 * k),
      logLikelihood,
    };
    const careless = Array.from({ length: k }, (_, j) => j).filter(
      (j) => !ownMoments(mixture, sums, j, gathered, this.sample.line),
    );
    if (careless.length) this.again(mixture, careless, gathered);
    return gathered;
  }

  /**
   * Once more, about the means just found: the components `careless` have moved by so many times their new size that
   * digits of it were lost.
   * @param {Mixture} mixture
   * @param {number[]} careless
   * @param {Gathered} gathered
   */
  again(mixture, careless, { counts, means, scatters }) {
    const { sums } = this;
    this.addUp(mixture, means);
    for (const j of careless) {
      const at = SUMS * j;
      const count = sums[at];
      const [dx, dy] = [sums[at + 1] / count, sums[at + 2] / count];
      counts[j] = count;
      means[2 * j] += dx;
      means[2 * j + 1] += dy;
      scatters[3 * j] = Math.max(sums[at + 3] - sums[at + 1] * dx, 0);
      scatters[3 * j + 1] = sums[at + 4] - sums[at + 1] * dy;
      scatters[3 * j + 2] = Math.max(sums[at + 5] - sums[at + 2] * dy, 0);
    }
  }

  /**
   * Sums over all points of shares and, with them, of coordinates and their products: each component's own, or where
   * there are `places` (K x 2) the differences from them. The answer is the log-likelihood.
   * @param {Mixture} mixture
   * @param {Float64Array | null} places
   */
  addUp(mixture, places) {
    const { sums, block, sample } = this;
    const n = sample.x.length;
    let logLikelihood = 0;
    sums.fill(0);
    for (let first = 0; first < n; first += BLOCK) {
      block.fill(0);
      logLikelihood += this.addBlock(mixture, places, first, Math.min(n, first + BLOCK));
      for (let at = 0; at < sums.length; at++) sums[at] += block[at];
    }
    return logLikelihood;
  }

  /**
   * @param {Mixture} mixture
   * @param {Float64Array | null} places
   * @param {number} first
   * @param {number} end
   */
  addBlock({ constants, means, whiteners }, places, first, end) {
    const { k, block, shares, own } = this;
    const { x, y, weights } = this.sample;
    let logLikelihood = 0;
    for (let i = first; i < end; i++) {
      let largest = -Infinity;
      for (let j = 0; j < k; j++) {
        const dx = x[i] - means[2 * j];
        const u = whiteners[3 * j] * dx;
        const v = whiteners[3 * j + 1] * dx + whiteners[3 * j + 2] * (y[i] - means[2 * j + 1]);
        const value = constants[j] - 0.5 * Math.min(u * u + v * v, FARTHEST);
        own[2 * j] = u;
        own[2 * j + 1] = v;
        shares[j] = value;
        if (value > largest) largest = value;
      }
      let total = 0;
      for (let j = 0; j < k; j++) {
        const log = shares[j] - largest;
        total += shares[j] = log > LEAST_LOG_SHARE ? Math.exp(log) : 0;
      }
      const weight = weights ? weights[i] : 1;
      logLikelihood += weight * (largest + Math.log(total));
      const scale = weight / total;
      for (let j = 0; j < k; j++) {
        const share = scale * shares[j];
        if (!(share > 0)) continue;
        const u = places ? x[i] - places[2 * j] : own[2 * j];
        const v = places ? y[i] - places[2 * j + 1] : own[2 * j + 1];
        const at = SUMS * j;
        block[at] += share;
        block[at + 1] += share * u;
        block[at + 2] += share * v;
        block[at + 3] += share * u * u;
        block[at + 4] += share * u * v;
        block[at + 5] += share * v * v;
      }
    }
    return logLikelihood;
  }
}

/**
 * Writes what component j has gathered, from sums in its own coordinates; false where digits were lost.
 * @param {Mixture} mixture
 * @param {Float64Array} sums
 * @param {number} j
 * @param {Gathered} gathered
 * @param {boolean} line
 */
function ownMoments({ means: places, whiteners }, sums, j, { counts, means, scatters }, line) {
  const [count, u, v, uu, uv, vv] = sums.subarray(SUMS * j, SUMS * (j + 1));
  const [px, py] = [places[2 * j], places[2 * j + 1]];
  if (count <= LEAST_COUNT) {
    means.set([px, py], 2 * j);
    return true;
  }
  // The Cholesky factor, which leads back to the points' units.
  const l11 = 1 / whiteners[3 * j];
  const l22 = 1 / whiteners[3 * j + 2];
  const l21 = -whiteners[3 * j + 1] * l11 * l22;
  const [du, dv] = [u / count, v / count];
  const [a, b, d] = [uu - u * du, uv - u * dv, vv - v * dv];
  const [dx, dy] = [l11 * du, l21 * du + l22 * dv];
  counts[j] = count;
  means[2 * j] = px + dx;
  means[2 * j + 1] = py + dy;
  scatters[3 * j] = Math.max(l11 * l11 * a, 0);
  scatters[3 * j + 1] = l11 * (l21 * a + l22 * b);
  scatters[3 * j + 2] = Math.max(l21 * l21 * a + 2 * l21 * l22 * b + l22 * l22 * d, 0);
  // A shift below the rounding of the place itself says nothing, and can cost nothing.
  const still = Math.abs(dx) <= 4 * EPSILON * Math.abs(px) && Math.abs(dy) <= 4 * EPSILON * Math.abs(py);
  if (still) return true;
  if (line) return a * MOST_CANCELLED > uu;
  // The smallest eigenvalue of what is left, as shares of the squares, is at least the determinant over the trace.
  return a > 0 && d > 0 && (a * d - b * b) * MOST_CANCELLED > a * vv + d * uu;
}
