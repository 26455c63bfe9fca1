// A mixture shaped by a hand: the axes of its ellipses, its weights and covariances, within what its family allows.

import { evaluateMarks } from "./columns.js";
import { between } from "./mixture.js";

/**
 * The axes of an ellipse: the angle of the first in radians, and half its length and half that of the other, which
 * stands upright on it. Of a line the other is 1.
 * @typedef {{ angle: number, along: number, across: number }} Axes
 */

/** Axes as unlike in length as this, and no more, are those of a circle, which has none of its own. */
const ROUND = 1e-9;

/**
 * The axes of component k's one sigma; of the two that might be called the first, the one that lies nearer to `near`.
 * @param {{ covariances: ArrayLike<number> }} shapes
 * @param {number} k
 * @param {number} [near] an angle in radians; the longer is the first if left out
 * @returns {Axes}
 */
export function axesOf({ covariances }, k, near) {
  const [xx, xy, yy] = [0, 1, 2].map((i) => covariances[3 * k + i]);
  const half = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  const [long, short] = [half + apart, Math.max(half - apart, 0)];
  if (apart < ROUND * half) return { angle: near ?? 0, along: Math.sqrt(long), across: Math.sqrt(long) };
  // From the determinant, since a difference of halves has no digits left where the ellipse is thin.
  const thin = Math.sqrt(Math.max((xx * yy - xy * xy) / long, 0)) || Math.sqrt(short);
  const lengthwise = { angle: 0.5 * Math.atan2(2 * xy, xx - yy), along: Math.sqrt(long), across: thin };
  if (near === undefined) return lengthwise;
  const crosswise = { angle: lengthwise.angle + Math.PI / 2, along: thin, across: Math.sqrt(long) };
  const [a, b] = [lengthwise, crosswise].map(({ angle }) => turnedTo(angle, near));
  return Math.abs(a - near) <= Math.abs(b - near) ? { ...lengthwise, angle: a } : { ...crosswise, angle: b };
}

/**
 * The angle of the same axis that is nearest to `near`: an axis has two ends.
 * @param {number} angle
 * @param {number} near
 */
const turnedTo = (angle, near) => angle + Math.PI * Math.round((near - angle) / Math.PI);

/**
 * xx, xy and yy of the ellipse with these axes.
 * @param {Axes} axes
 */
export function covarianceOf({ angle, along, across }) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [a, b] = [along * along, across * across];
  return [a * c * c + b * s * s, (a - b) * c * s, a * s * s + b * c * c];
}

/**
 * The mixture with other axes for component k. What its family has all components share, volume, shape or
 * orientation by its three letters, the others take over; what the family does not have, k does not take.
 * @param {Mixture} mixture
 * @param {number} k
 * @param {Axes} before those of component k in `mixture`
 * @param {Axes} after
 * @param {string} letters after Celeux & Govaert (1995)
 */
export function withAxes(mixture, k, before, after, letters) {
  const [volume, shape, orientation] = letters;
  const held = shape === "I" ? { ...after, across: after.along } : after;
  const wanted = orientation === "I" ? { ...held, angle: 0 } : held;
  const covariances = Float64Array.from(mixture.covariances);
  const [size, form] = [wanted.along * wanted.across, wanted.along / wanted.across];
  const lengthwise = before.along >= before.across;
  for (let j = 0; j < mixture.weights.length; j++) {
    const own = j === k ? before : axesOf(mixture, j, nearTo(orientation, before.angle));
    // Copies of one ellipse are turned each in its own way: what is long stays long.
    const same = orientation !== "V" || own.along >= own.across === lengthwise;
    const ownForm = shape === "E" ? (same ? form : 1 / form) : own.along / own.across;
    const axes = {
      angle: orientation === "E" ? own.angle + wanted.angle - before.angle : own.angle,
      ...lengthsOf(volume === "E" ? size : own.along * own.across, shape === "I" ? 1 : ownForm),
    };
    covariances.set(covarianceOf(j === k ? wanted : axes), 3 * j);
  }
  return withShapes(mixture, { covariances });
}

/**
 * Which axis of another component answers to the first of the one that is changed.
 * @param {string} orientation
 * @param {number} angle
 */
const nearTo = (orientation, angle) => ({ I: 0, E: angle })[orientation];

/**
 * Half-axes by their product and their ratio.
 * @param {number} size
 * @param {number} form
 */
const lengthsOf = (size, form) => ({ along: Math.sqrt(size * form), across: Math.sqrt(size / form) });

/**
 * The mixture on a line with another standard deviation for component k, and for all where they share it.
 * @param {Mixture} mixture
 * @param {number} k
 * @param {number} deviation
 * @param {string} letters
 */
export function withWidth(mixture, k, deviation, letters) {
  const covariances = mixture.covariances.map((value, at) =>
    at % 3 === 0 && (letters[0] === "E" || at === 3 * k) ? deviation * deviation : value,
  );
  return withShapes(mixture, { covariances });
}

/**
 * The mixture with component k's mean elsewhere.
 * @param {Mixture} mixture
 * @param {number} k
 * @param {number[]} mean
 */
export function withMean(mixture, k, mean) {
  const means = Float64Array.from(mixture.means);
  means.set(mixture.line ? [mean[0], 0] : mean, 2 * k);
  const { columns } = mixture;
  if (!columns) return withShapes(mixture, { means });
  // Of the columns that are not shown it keeps its place.
  const all = Float64Array.from(columns.means);
  columns.pair.forEach((axis, i) => (all[k * columns.dimensions + axis] = mean[i]));
  return withShapes(mixture, { means, columns: { ...columns, means: all } });
}

/**
 * The mixture with `weight` for component k; the others share out what that leaves as they did, and the noise keeps
 * its own.
 * @param {Mixture} mixture
 * @param {number} k
 * @param {number} weight above 0, and below what all components have together
 */
export function withWeight(mixture, k, weight) {
  const total = mixture.weights.reduce((sum, value) => sum + value, 0);
  const rest = (total - weight) / (total - mixture.weights[k]);
  const weights = mixture.weights.map((value, j) => (j === k ? weight : rest * value));
  return withShapes(mixture, { weights });
}

/**
 * The mixture with other shapes; all else of it as it was.
 * @param {Mixture} mixture
 * @param {Partial<Mixture>} shapes
 */
function withShapes(mixture, shapes) {
  const changed = { ...mixture, ...shapes };
  return between(changed, changed, 0);
}

/**
 * The log-likelihood of points, in nats: the sum of their log-densities, a cell's as often as it has points.
 * @param {Places & { sizes?: ArrayLike<number> }} marks
 * @param {Mixture} mixture
 */
export function logLikelihoodOf(marks, mixture) {
  const { sizes } = marks;
  const { logDensities } = evaluateMarks(marks, mixture);
  return logDensities.reduce((sum, value, i) => sum + (sizes ? sizes[i] : 1) * value, 0);
}
