// What the page fits by itself: points, where to begin, and what EM goes by; and what a hand makes of them, as
// ui/experiment/transitions.py has it.

import { asShapes } from "../protocol/runs.js";
import { mixtureAt } from "../model/mixture.js";

/**
 * What is fitted, and how: points as columns with their labels, the shapes to begin with, and what EM goes by.
 * @typedef {object} Experiment
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {Int32Array} [labels]
 * @property {boolean} line
 * @property {Shapes} start
 * @property {boolean} placed whether a hand placed the start
 * @property {PageFit} fit
 * @property {string} family
 * @property {EMRun} [run] what came of it, once it has been fitted
 */

/** Points that one sweep, and many of them, put in by hand. */
const MOST_AT_ONCE = 20_000;
const MOST_BY_HAND = 100_000;

/** A point is meant that is this near, as a share of the picture. */
const NEAR = 1e-6;

/**
 * What a run that came in a message was made of.
 * @param {EMRun} run
 * @returns {Experiment}
 */
export function experimentOf(run) {
  const { x, y, labels, family, start_placed: placed } = run;
  const fit = /** @type {PageFit} */ (run.fit);
  return {
    ...{ x, y, labels, family, placed, fit, run },
    line: run.dimensions === 1,
    start: mixtureAt(run, 0),
  };
}

/**
 * As EM takes them.
 * @param {Experiment} experiment
 */
export function settingsOf({ fit, family, x, start }) {
  const most = Math.floor(fit.most_work / Math.max(1, x.length * start.weights.length)) + 1;
  return {
    family,
    regCovar: fit.reg_covar,
    tolerance: fit.tolerance,
    maxSteps: Math.min(fit.step_limit, most),
    // Without regularisation a step that loses has come to where only rounding is left.
    stopWhenFalling: fit.stop_when_falling || fit.reg_covar === 0,
    equalWeights: fit.equal_weights,
  };
}

/**
 * A mixture to begin with, as a hand left it; null where it is none, or of another K.
 * @param {any} mixture
 * @param {Experiment} experiment
 */
export function shapesIn(mixture, { start, line }) {
  if (mixture?.weights?.length !== start.weights.length) return null;
  const shapes = asShapes(mixture, line);
  const numbers = [shapes.weights, shapes.means, shapes.covariances];
  return numbers.every((values) => values.every(Number.isFinite)) ? shapes : null;
}

/**
 * Those that may be points; none of too many.
 * @param {any} points
 * @param {Experiment} experiment
 * @returns {number[][]}
 */
export function placesIn(points, { x, line }) {
  if (points.length > MOST_AT_ONCE || x.length + points.length > MOST_BY_HAND) return [];
  const size = line ? 1 : 2;
  return points.filter(
    (/** @type {number[]} */ place) => place.length === size && place.every(Number.isFinite),
  );
}

/**
 * With more points, which have no label.
 * @param {Experiment} old
 * @param {number[][]} places
 */
export function withPoints(old, places) {
  const unknown = places.map(() => -1);
  return {
    ...old,
    x: Float64Array.from([...old.x, ...places.map(([x]) => x)]),
    y: Float64Array.from([...old.y, ...places.map(([, y]) => y ?? 0)]),
    labels: old.labels && Int32Array.from([...old.labels, ...unknown]),
  };
}

/**
 * @param {Experiment} old
 * @param {number} index
 */
export function withoutPoint(old, index) {
  const kept = (/** @type {unknown} */ _, /** @type {number} */ i) => i !== index;
  return { ...old, x: old.x.filter(kept), y: old.y.filter(kept), labels: old.labels?.filter(kept) };
}

/**
 * An empty picture to draw on.
 * @param {Experiment} old
 * @returns {Experiment}
 */
export const withoutPoints = (old) => ({
  ...old,
  x: new Float64Array(),
  y: new Float64Array(),
  labels: old.labels && new Int32Array(),
});

/**
 * Of the point at a place, if there still is one; null for none.
 * @param {Experiment} experiment
 * @param {number[]} place
 * @param {Four} extent of the picture
 */
export function pointAt({ x, y, line }, [px, py], [x0, x1, y0, y1]) {
  const distance = (/** @type {number} */ i) =>
    Math.max(Math.abs(x[i] - px) / (x1 - x0), line ? 0 : Math.abs(y[i] - py) / (y1 - y0));
  let nearest = 0;
  for (let i = 1; i < x.length; i++) if (distance(i) < distance(nearest)) nearest = i;
  return x.length && distance(nearest) < NEAR ? nearest : null;
}
