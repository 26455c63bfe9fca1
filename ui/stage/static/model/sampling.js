// Points drawn from a mixture. Every point has its random numbers once and for all: pushed through whichever mixture is
// shown (common random numbers), points glide as it moves.

import { choleskyOf } from "./log-joint.js";

/** So many at most: more say nothing more. */
export const MOST_DRAWN = 5000;

/** Numbers of a point: for its component, two for its place, two for a place of the noise, and for its answer. */
export const PER_POINT = 6;

const SEED = 20;

/** To noise a one is as likely as a zero. */
const EVEN = 0.5;

/**
 * Uniform numbers between 0 and 1, the same for the same seed: the generator mulberry32.
 * @param {number} seed
 */
function uniforms(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/**
 * The numbers of n points, PER_POINT each, as uniforms but the second and the third, which are standard normal (Box &
 * Muller, 1958). Those of fewer points are the first of more.
 * @param {number} n
 * @param {number} [seed]
 */
export function numbersOf(n, seed = SEED) {
  const numbers = new Float64Array(PER_POINT * n);
  const next = uniforms(seed);
  for (let at = 0; at < numbers.length; at += PER_POINT) {
    for (let j = 0; j < PER_POINT; j++) numbers[at + j] = next();
    const radius = Math.sqrt(-2 * Math.log(numbers[at + 1]));
    const angle = 2 * Math.PI * numbers[at + 2];
    numbers[at + 1] = radius * Math.cos(angle);
    numbers[at + 2] = radius * Math.sin(angle);
  }
  return numbers;
}

/**
 * The points of a mixture that these numbers make: places, zeros and ones where there is a yes/no column, and the
 * component each came `from`, -1 for the noise, which fills its `region` evenly.
 * @param {Mixture} mixture
 * @param {Float64Array} numbers of `numbersOf`
 * @param {import("./noise-region.js").Region} region
 */
export function sampleOf(mixture, numbers, region) {
  const { weights, means, covariances, line, probabilities, noise } = mixture;
  const n = numbers.length / PER_POINT;
  const [x, y, from] = [new Float64Array(n), new Float64Array(n), new Int32Array(n)];
  const binary = probabilities ? new Uint8Array(n) : null;
  const factors = Array.from(weights, (_, k) => choleskyOf(covariances, k));
  const last = noise ? -1 : lastOf(weights);
  for (let i = 0, at = 0; i < n; i++, at += PER_POINT) {
    let rest = numbers[at];
    let k = 0;
    while (k < weights.length && rest >= weights[k]) rest -= weights[k++];
    // What the weights lack of 1 by rounding is no component's.
    if (k === weights.length) k = last;
    from[i] = k;
    const answer = numbers[at + 5];
    if (k < 0) {
      const [along, across] = [numbers[at + 3], numbers[at + 4]];
      x[i] = region.corner[0] + along * region.edges[0][0] + across * region.edges[1][0];
      y[i] = region.corner[1] + along * region.edges[0][1] + across * region.edges[1][1];
      if (binary) binary[i] = Number(answer < EVEN);
    } else {
      const [l11, l21, l22] = factors[k];
      const [u, v] = [numbers[at + 1], numbers[at + 2]];
      x[i] = means[2 * k] + l11 * u;
      y[i] = line ? 0 : means[2 * k + 1] + l21 * u + l22 * v;
      if (binary && probabilities) binary[i] = Number(answer < probabilities[k]);
    }
  }
  return { n, x, y, binary, from };
}

/**
 * The last component that weighs anything.
 * @param {Float64Array} weights
 */
const lastOf = (weights) => weights.reduce((last, weight, k) => (weight > 0 ? k : last), 0);
