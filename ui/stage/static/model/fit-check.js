// Whether points lie where a mixture expects them, as gmm_core.fit_check has it.

import { choleskyOf, evaluate } from "./log-joint.js";

/** Pieces of the same mass that every component is cut into. */
const PIECES = 4096;

const GOLDEN = (1 + Math.sqrt(5)) / 2;

/** To noise a one is as likely as a zero. */
const EVEN = 0.5;

/**
 * Numbers from 0 to 1 that lie more evenly than a grid, as two columns.
 */
function lattice() {
  const even = Float64Array.from({ length: PIECES }, (_, i) => (i + 0.5) / PIECES);
  const turns = Float64Array.from({ length: PIECES }, (_, i) => (i / GOLDEN) % 1);
  return { even, turns };
}

/** Places of the standard normal distribution of the plane that stand for equal pieces of it. */
function standardPlaces() {
  const { even, turns } = lattice();
  const radii = even.map((share) => Math.sqrt(-2 * Math.log1p(-share)));
  return {
    u: radii.map((radius, i) => radius * Math.cos(2 * Math.PI * turns[i])),
    v: radii.map((radius, i) => radius * Math.sin(2 * Math.PI * turns[i])),
  };
}

/**
 * Places of a mixture's mass and the mass of each, with an answer each where there is a yes/no column; the means among
 * them, which weigh nothing: a density that has one peak has it there.
 * @param {Mixture} mixture
 * @param {import("./noise-region.js").Region} region
 */
function piecesOf(mixture, region) {
  const { weights, means, covariances, probabilities, noise, line } = mixture;
  const groups = weights.length + (noise ? 1 : 0);
  const answers = probabilities ? [0, 1] : [null];
  const m = groups * answers.length * (PIECES + 1);
  const [x, y, masses] = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
  const binary = probabilities ? new Uint8Array(m) : null;
  const { u, v } = standardPlaces();
  const { even, turns } = lattice();
  let at = 0;
  for (let k = 0; k < groups; k++) {
    const lost = k === weights.length;
    const [l11, l21, l22] = lost ? [0, 0, 0] : choleskyOf(covariances, k);
    const [[ax, ay], [bx, by]] = region.edges;
    const [cx, cy] = lost ? region.corner : [means[2 * k], means[2 * k + 1]];
    const weight = lost ? (noise ?? 0) : weights[k];
    for (const answer of answers) {
      const yes = !probabilities ? 1 : lost ? EVEN : probabilities[k];
      const mass = (weight / PIECES) * (answer === 0 ? 1 - yes : yes);
      for (let i = 0; i <= PIECES; i++, at++) {
        const last = i === PIECES;
        const [s, t] = last ? [0, 0] : lost ? [even[i], turns[i]] : [u[i], v[i]];
        x[at] = cx + (lost ? s * ax + t * bx : l11 * s);
        y[at] = line ? 0 : cy + (lost ? s * ay + t * by : l21 * s + l22 * t);
        masses[at] = last ? 0 : mass;
        if (binary) binary[at] = answer ?? 0;
      }
    }
  }
  return { x, y, binary, masses };
}

/**
 * For each point the share of the mixture's mass that lies where it is less dense.
 * @param {Places} points
 * @param {Mixture} mixture
 * @param {import("./noise-region.js").Region} region of the noise
 */
export function percentilesOf(points, mixture, region) {
  const { x, y, binary, masses } = piecesOf(mixture, region);
  const densities = evaluate(x, y, mixture, binary).logDensities;
  const order = Uint32Array.from(densities.keys()).sort((i, j) => densities[i] - densities[j]);
  const top = densities[order[order.length - 1]];
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  // In proportion to the densest place, so that none is too large for a number.
  const heights = Float64Array.of(0, ...Array.from(order, (i) => Math.exp(densities[i] - top)));
  const below = new Float64Array(heights.length);
  let held = 0;
  order.forEach((i, rank) => {
    held += masses[i];
    below[rank + 1] = (held - 0.5 * masses[i]) / total;
  });
  const wanted = evaluate(
    points.x,
    points.y,
    mixture,
    mixture.probabilities ? points.binary : null,
  ).logDensities;
  return wanted.map((value) => interpolate(heights, below, Math.exp(Math.min(value - top, 0))));
}

/**
 * The value at `x` of the line through points with rising `xs`.
 * @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {number} x
 */
function interpolate(xs, ys, x) {
  let [low, high] = [0, xs.length - 1];
  if (x >= xs[high]) return ys[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  const width = xs[high] - xs[low];
  return width > 0 ? ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / width : ys[low];
}

/**
 * How far sorted percentiles are from uniform at most (Kolmogorov, 1933), where, and whether more of them lie below
 * that place than uniform numbers do.
 * @param {ArrayLike<number>} sorted
 */
export function distanceOf(sorted) {
  const n = sorted.length;
  let found = { distance: 0, at: 0, share: 0, thin: true };
  for (let i = 0; i < n; i++) {
    const more = (i + 1) / n - sorted[i];
    const fewer = sorted[i] - i / n;
    if (more > found.distance) found = { distance: more, at: sorted[i], share: (i + 1) / n, thin: true };
    if (fewer > found.distance) found = { distance: fewer, at: sorted[i], share: i / n, thin: false };
  }
  return found;
}

/**
 * The distance that 95 of 100 sets of so many uniform numbers keep within (Stephens, 1974).
 * @param {number} n
 */
export const bandOf = (n) => 1.358 / (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));

/**
 * How likely at least `count` of n points lie where each does with the chance p.
 * @param {number} count
 * @param {number} n
 * @param {number} p
 */
export function chanceOfAtLeast(count, n, p) {
  let [below, logTerm] = [0, n * Math.log1p(-p)];
  for (let k = 0; k < count; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log(((n - k) * p) / ((k + 1) * (1 - p)));
  }
  return Math.max(0, 1 - below);
}
