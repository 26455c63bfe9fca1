// The runs that a message holds, as the stage uses them.

import { decode } from "./message.js";

/**
 * The runs of a message, the mixture's last: alone, or after K-Means.
 * @param {Uint8Array} bytes
 * @returns {[EMRun] | [KMeansRun, EMRun]}
 */
export function readRuns(bytes) {
  const { header, arrays } = decode(bytes);
  const { points, ...states } = arrays;
  const scene = {
    ...header,
    ...columnsOf(points, header.origin),
    true_shapes: header.truth && asShapes(header.truth),
  };
  const values = header.states ? everyPicture(arrays.curve) : new Float64Array();
  const rows = header.components + (arrays.noise ? 1 : 0);
  const mixture = /** @type {EMRun} */ (/** @type {unknown} */ ({ ...scene, ...states, values, rows }));
  if (!header.kmeans) return [mixture];
  const own = { ...header.kmeans, ...withoutPrefix(arrays, "kmeans_"), rows: header.components };
  const kmeans = { ...mixture, ...own };
  return [/** @type {KMeansRun} */ (/** @type {unknown} */ (kmeans)), mixture];
}

/**
 * @param {Float64Array | Float32Array} points (N x 2), about `origin`
 * @param {[number, number]} origin
 */
function columnsOf(points, [originX, originY]) {
  const n = points.length / 2;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = originX + points[2 * i];
    y[i] = originY + points[2 * i + 1];
  }
  return { n, x, y };
}

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
 * @param {{ weights: number[], means: number[], covariances: number[] }} lists
 * @returns {Shapes}
 */
const asShapes = ({ weights, means, covariances }) => ({
  weights: Float64Array.from(weights),
  means: Float64Array.from(means),
  covariances: Float64Array.from(covariances),
});
