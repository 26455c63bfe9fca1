// The runs that a message holds, as the stage uses them.

import { decode } from "./message.js";
import { inThePlane } from "./pairs.js";

/**
 * The runs of a message, the mixture's last: alone, or after K-Means.
 * @param {Uint8Array} bytes
 * @returns {[EMRun] | [KMeansRun, EMRun]}
 */
export function readRuns(bytes) {
  const { header, arrays } = decode(bytes);
  const { points, ...states } = arrays;
  const values = header.states ? everyPicture(arrays.curve) : new Float64Array();
  const rows = header.components + (arrays.noise ? 1 : 0);
  if (header.dimensions > 2) {
    const whole = wholeOf(header, arrays);
    const run = { ...header, ...states, whole, values, rows, n: points.length / header.dimensions };
    return [inThePlane(/** @type {EMRun} */ (/** @type {unknown} */ (run)), header.pair)];
  }
  const scene = {
    ...header,
    ...columnsOf(points, header.origin),
    true_shapes: header.truth && asShapes(header.truth, header.dimensions === 1),
  };
  const laid = header.dimensions === 1 ? laidInThePlane(states) : states;
  const mixture = /** @type {EMRun} */ (/** @type {unknown} */ ({ ...scene, ...laid, values, rows }));
  if (!header.kmeans) return [mixture];
  const own = { ...header.kmeans, ...withoutPrefix(arrays, "kmeans_"), rows: header.components };
  const kmeans = { ...mixture, ...own };
  return [/** @type {KMeansRun} */ (/** @type {unknown} */ (kmeans)), mixture];
}

/**
 * What a run has in all of more than two columns.
 * @param {Header} header
 * @param {Record<string, any>} arrays
 * @returns {Whole}
 */
function wholeOf({ dimensions: d, origin, columns, extent, pair, truth, states }, arrays) {
  const points = Float64Array.from(arrays.points, (value, at) => origin[at % d] + value);
  const nothing = new Float64Array();
  const { means, covariances, constants, whiteners, moment_means, scatters } = arrays;
  const run = states
    ? { means, covariances, constants, whiteners, moment_means, scatters }
    : {
        ...{ means: nothing, covariances: nothing, constants: nothing, whiteners: nothing },
        ...{ moment_means: nothing, scatters: nothing },
      };
  return { points, columns, extent, pair, ...run, truth: truth && asShapes(truth, false) };
}

/**
 * Points as columns; those of a line have y = 0.
 * @param {Float64Array | Float32Array} points (N x D), about `origin`
 * @param {number[]} origin
 */
function columnsOf(points, origin) {
  const d = origin.length;
  const n = points.length / d;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) x[i] = origin[0] + points[d * i];
  if (d === 2) for (let i = 0; i < n; i++) y[i] = origin[1] + points[2 * i + 1];
  return { n, x, y };
}

/** What has a number for each component on a line, and two in the plane. */
const PLACES = ["means", "moment_means"];

/** What has a number there, and a matrix in the plane, with what it has across the line. @type {[string, number][]} */
const MATRICES = [
  ["covariances", 1],
  ["whiteners", 1],
  ["scatters", 0],
];

/**
 * The arrays of a line, laid into the plane as its axis y = 0: every component has the spread 1 across it, which no
 * density counts, so that the plane's log-joint is the line's.
 * @param {Record<string, any>} arrays
 */
function laidInThePlane(arrays) {
  const laid = { ...arrays };
  for (const name of PLACES) if (name in arrays) laid[name] = pairs(arrays[name]);
  for (const [name, across] of MATRICES) if (name in arrays) laid[name] = triples(arrays[name], across);
  return laid;
}

/**
 * Numbers of the line as places in the plane.
 * @param {ArrayLike<number>} values
 */
const pairs = (values) =>
  Float64Array.from({ length: 2 * values.length }, (_, i) => (i % 2 ? 0 : values[i >> 1]));

/**
 * Variances, or what is made of them, as matrices of the plane with a number `across` the line.
 * @param {ArrayLike<number>} values
 * @param {number} across
 */
const triples = (values, across) =>
  Float64Array.from({ length: 3 * values.length }, (_, i) => [values[Math.floor(i / 3)], 0, across][i % 3]);

/**
 * (2T): the value of each state, for each of its two pictures.
 * @param {Float64Array} values (T)
 */
export const everyPicture = (values) =>
  Float64Array.from({ length: 2 * values.length }, (_, i) => values[i >> 1]);

/**
 * @param {Record<string, any>} arrays
 * @param {string} prefix
 */
const withoutPrefix = (arrays, prefix) =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );

/**
 * Shapes of plain lists.
 * @param {{ weights: number[], means: number[], covariances: number[] }} lists
 * @param {boolean} line whether they are of a line
 * @returns {Shapes}
 */
export const asShapes = ({ weights, means, covariances }, line) => ({
  weights: Float64Array.from(weights),
  means: line ? pairs(means) : Float64Array.from(means),
  covariances: line ? triples(covariances, 1) : Float64Array.from(covariances),
  line,
});
