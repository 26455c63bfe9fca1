// The density of a mixture over a part of the plane, as heights above a grid: what hills are made of.

import { evaluate, squaredDistance, withLogJoint } from "./log-joint.js";
import { massLevels, mixtureAt } from "./mixture.js";
import { remembering } from "./remembering.js";

/** Half of the lines of a grid are evenly spaced, the others are where the mixture is: a narrow hill needs many. */
const EVEN = 0.5;

/** A logistic curve of this slope is all but the normal distribution's; where grid lines lie, that is near enough. */
const LOGISTIC = 1.702;

/** Halvings in search of a grid line. */
const HALVINGS = 40;

/** A hill may be so many times as high as the density that half of the mixture's mass exceeds, before it is cut. */
const HIGHEST = 6;

/** What is narrower than this share of the picture, on average over its directions, has collapsed. */
const THINNEST = 0.003;

/** Of a long run so many states, about, are looked at for their height. */
const LOOKED_AT = 60;

/** Room above the highest hill. */
const ABOVE = 1.03;

/**
 * Rising places between `low` and `high`, n of them, closer to each other where the mixture has more of its mass.
 * @param {Mixture} mixture
 * @param {0 | 1} axis
 * @param {number} low
 * @param {number} high
 * @param {number} n
 */
export function gridLines({ weights, means, covariances }, axis, low, high, n) {
  /** @param {number} x */
  const mass = (x) => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const off = (x - means[2 * k + axis]) / Math.sqrt(covariances[3 * k + 2 * axis]);
      sum += weights[k] / (1 + Math.exp(-LOGISTIC * off));
    }
    return sum;
  };
  const [first, last] = [mass(low), mass(high)];
  const share = (/** @type {number} */ x) => {
    const even = (x - low) / (high - low);
    return last > first ? EVEN * even + (1 - EVEN) * ((mass(x) - first) / (last - first)) : even;
  };
  const places = new Float64Array(n);
  places.set([low], 0);
  places.set([high], n - 1);
  for (let i = 1; i < n - 1; i++) {
    let [left, right] = [places[i - 1], high];
    for (let turn = 0; turn < HALVINGS; turn++) {
      const middle = (left + right) / 2;
      if (share(middle) < i / (n - 1)) left = middle;
      else right = middle;
    }
    places[i] = (left + right) / 2;
  }
  return places;
}

/**
 * The density of a mixture at every place of a grid of n x n over an extent, in rows from y0 on, and whose it is
 * there: shares, n * n x R in rows.
 * @param {Mixture} mixture
 * @param {Four} extent
 * @param {number} n
 * @returns {Landscape}
 */
export function landscapeOf(mixture, [x0, x1, y0, y1], n) {
  const across = gridLines(mixture, 0, x0, x1, n);
  const upwards = gridLines(mixture, 1, y0, y1, n);
  const x = new Float64Array(n * n);
  const y = new Float64Array(n * n);
  for (let i = 0; i < n * n; i++) {
    x[i] = across[i % n];
    y[i] = upwards[Math.floor(i / n)];
  }
  const { responsibilities, logDensities } = evaluate(x, y, mixture);
  return { n, x, y, heights: logDensities.map(Math.exp), shares: responsibilities };
}

/**
 * Of the same places, the weighted density of component k alone.
 * @param {Landscape} landscape
 * @param {Mixture} mixture
 * @param {number} k
 */
export const hillOf = ({ x, y }, mixture, k) =>
  x.map((place, i) => Math.exp(mixture.constants[k] - 0.5 * squaredDistance(mixture, k, place, y[i])));

/**
 * The density of the mixture at the mean of each of its components (K).
 * @param {Mixture} mixture
 */
export function peaksOf(mixture) {
  const [x, y] = [0, 1].map((axis) => mixture.means.filter((_, i) => i % 2 === axis));
  return evaluate(x, y, mixture).logDensities.map(Math.exp);
}

/**
 * How high a picture of hills is for a run, the same for all of its steps: as high as its highest hill, unless that one
 * has no end.
 * @type {(run: EMRun) => number}
 */
export const heightFor = remembering((run) => {
  const stride = Math.max(1, Math.floor(run.states / LOOKED_AT));
  const last = run.states - 1;
  let highest = 0;
  for (let t = last; t >= 0; t -= stride) highest = Math.max(highest, ...peaksOf(mixtureAt(run, t)));
  const most = Math.max(...[0, last].map((t) => halfOf(wide(mixtureAt(run, t), run.extent))));
  return Math.min(ABOVE * highest, HIGHEST * most);
});

/**
 * The density that half of the mass exceeds.
 * @param {Mixture} mixture
 */
const halfOf = (mixture) => Math.exp(massLevels(mixture, [0.5])[0]);

/**
 * A mixture without the components that are specks or threads in an extent; itself where all are.
 * @param {Mixture} mixture
 * @param {Four} extent
 */
function wide(mixture, [x0, x1, y0, y1]) {
  const { weights, means, covariances } = mixture;
  const least = THINNEST * THINNEST * (x1 - x0) * (y1 - y0);
  const kept = Array.from(weights, (_, k) => k).filter((k) => {
    const [xx, xy, yy] = covariances.subarray(3 * k, 3 * k + 3);
    return weights[k] > 0 && Math.sqrt(xx * yy - xy * xy) > least;
  });
  if (!kept.length) return mixture;
  /** @type {(values: Float64Array, each: number) => Float64Array} */
  const of = (values, each) =>
    Float64Array.from(kept.flatMap((k) => Array.from(values.subarray(each * k, each * (k + 1)))));
  return withLogJoint({ weights: of(weights, 1), means: of(means, 2), covariances: of(covariances, 3) });
}
