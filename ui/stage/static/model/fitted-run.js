// A run that the page's own EM has made, as the stage has those of Python.

import { everyPicture } from "../protocol/runs.js";
import { lowerBound } from "./bound.js";
import { labelColours } from "./label-colours.js";

/** @typedef {import("./em.js").Fitting} Fitting */

/**
 * What a run has of a fit, on the points that it has; the rest is `about`, as a message says it.
 * @param {EMRun} about with the points that were fitted
 * @param {Fitting} fitting
 * @returns {EMRun}
 */
export function fittedRun(about, { states, last }) {
  const k = last.counts.length;
  const curve = Float64Array.from(states, ({ logLikelihood }) => logLikelihood);
  const mixtures = states.map(({ mixture }) => mixture);
  const { labels } = about;
  return {
    ...about,
    states: states.length,
    components: k,
    rows: k,
    weights: joined(mixtures.map(({ weights }) => weights)),
    means: joined(mixtures.map(({ means }) => means)),
    covariances: joined(mixtures.map(({ covariances }) => covariances)),
    constants: joined(mixtures.map(({ constants }) => constants)),
    whiteners: joined(mixtures.map(({ whiteners }) => whiteners)),
    counts: joined(states.map(({ counts }) => counts)),
    moment_means: joined(states.map(({ means }) => means)),
    scatters: joined(states.map(({ scatters }) => scatters)),
    curve,
    log_likelihoods: curve,
    bounds: curve.map((value, t) => (t ? lowerBound(states[t - 1], mixtures[t]) : value)),
    values: everyPicture(curve),
    ...(labels && {
      label_colours: labelColours({ ...about, labels }, last.mixture, about.palette.length),
    }),
  };
}

/**
 * The run of points to which nothing is fitted.
 * @param {EMRun} about
 * @returns {EMRun}
 */
export function unfitted(about) {
  const nothing = new Float64Array();
  return {
    ...about,
    ...{ states: 0, components: 0, rows: 0, stop: null, values: nothing, curve: nothing },
    ...{ weights: nothing, means: nothing, covariances: nothing, constants: nothing, whiteners: nothing },
    ...{
      counts: nothing,
      moment_means: nothing,
      scatters: nothing,
      log_likelihoods: nothing,
      bounds: nothing,
    },
  };
}

/**
 * Arrays of equal length one after the other.
 * @param {Float64Array[]} parts
 */
function joined(parts) {
  const whole = new Float64Array(parts.length * parts[0].length);
  parts.forEach((part, i) => whole.set(part, i * part.length));
  return whole;
}
