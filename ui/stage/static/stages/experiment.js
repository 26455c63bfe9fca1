// What the page fits by itself: points, where to begin, and what EM goes by; and what a hand makes of them, as
// ui/experiment/transitions.py has it.

import { asShapes } from "../protocol/runs.js";
import { mixtureAt } from "../model/mixture.js";
import { trueShapes } from "../model/true-shapes.js";

/**
 * What is fitted, and how: points as columns with their labels and how often each counts, the shapes to begin with,
 * and what EM goes by.
 * @typedef {object} Experiment
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {Int32Array} [labels]
 * @property {Float64Array} [weights]
 * @property {boolean} line
 * @property {Shapes} start
 * @property {boolean} placed whether a hand placed the start
 * @property {PageFit} fit
 * @property {string} family
 * @property {EMRun} told what is said of the data, as a message has it
 * @property {EMRun} [run] what came of it, once it has been fitted
 * @property {Map<string, Experiment>} cures what can be done about how that ended, by name
 * @property {boolean} tried whether all that may help has been tried
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
  const { x, y, labels, point_weights: weights, family, start_placed: placed } = run;
  const fit = /** @type {PageFit} */ (run.fit);
  /** @type {Experiment} */
  const experiment = {
    ...{ x, y, labels, weights, family, placed, fit, run, told: run },
    line: run.dimensions === 1,
    start: mixtureAt(run, 0),
    cures: new Map(),
    tried: true,
  };
  for (const [name, , changes] of run.stop?.cures ?? [])
    if (changes) experiment.cures.set(name, withFit(experiment, changes));
  return experiment;
}

/**
 * Going by other settings.
 * @param {Experiment} old
 * @param {Partial<PageFit>} changes
 * @returns {Experiment}
 */
export const withFit = (old, changes) => ({ ...old, fit: { ...old.fit, ...changes } });

/**
 * What a run of the experiment says beside its fit.
 * @param {Experiment} experiment
 * @returns {EMRun}
 */
export function saidOf({ x, y, labels, weights, line, placed, fit, told }) {
  const { reg_covar: reg, equal_weights: equal } = fit;
  return {
    ...told,
    ...{ x, y, labels, fit, n: x.length, total: x.length },
    ...{ start_placed: placed, point_weights: weights, notice: "" },
    extent: aroundAll(told.extent, line ? [x] : [x, y]),
    m_step: { ...(reg && { reg }), ...(equal && { equal }) },
    true_shapes: labels && told.true_shapes ? trueShapes(x, y, labels, line) : null,
  };
}

/**
 * The smallest box about another one and points.
 * @param {number[]} extent
 * @param {Float64Array[]} columns
 */
const aroundAll = (extent, columns) =>
  /** @type {Four} */ (
    columns.flatMap((values, axis) => [
      values.reduce((low, value) => Math.min(low, value), extent[2 * axis]),
      values.reduce((high, value) => Math.max(high, value), extent[2 * axis + 1]),
    ])
  );

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
 * With more points, which have no label and count once.
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
    weights: old.weights && Float64Array.from([...old.weights, ...places.map(() => 1)]),
  };
}

/**
 * @param {Experiment} old
 * @param {number} index
 */
export function withoutPoint(old, index) {
  const kept = (/** @type {unknown} */ _, /** @type {number} */ i) => i !== index;
  return {
    ...old,
    x: old.x.filter(kept),
    y: old.y.filter(kept),
    labels: old.labels?.filter(kept),
    weights: old.weights?.filter(kept),
  };
}

/**
 * An empty picture to draw on, of which nothing is known but its axes.
 * @param {Experiment} old
 * @returns {Experiment}
 */
export function withoutPoints({ told, ...old }) {
  const k = old.start.weights.length;
  return {
    ...old,
    ...{ x: new Float64Array(), y: new Float64Array(), labels: undefined, weights: undefined },
    told: {
      ...told,
      ...{
        data_id: "drawn in the page",
        weighted: false,
        label_names: [],
        label_rest: "",
        label_colours: [],
      },
      ...{ truth: null, true_shapes: null },
      title: `Drawn by hand, K = ${k}, ${old.family}`,
      name: `drawn-by-hand-k${k}`,
    },
  };
}

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
