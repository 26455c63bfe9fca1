// The message from Python: a header in JSON and the arrays behind it. ui/stage/codec.py writes it.

import { inertiaFigure, likelihoodFigure } from "../draw/staircase.js";

const TYPES = { f64: Float64Array, f32: Float32Array, i32: Int32Array };

/** The header and the arrays by name, each with its shape, of a message in a Uint8Array. */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x4c4d4d47)
    throw new Error("The stage was sent something that is not its message.");
  const headerLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  const body = 8 + headerLength;
  const arrays = {};
  for (const [name, { type, offset, length }] of Object.entries(header.arrays)) {
    // A copy starts at an even address, which a view into the message need not.
    const size = length * TYPES[type].BYTES_PER_ELEMENT;
    arrays[name] = new TYPES[type](bytes.slice(body + offset, body + offset + size).buffer);
  }
  return { header, arrays };
}

/** The runs as the stage uses them, the mixture's last: points as two columns, every state's numbers, and a
 * curve with a value for each picture. */
export function readRuns(bytes) {
  const { header, arrays } = decode(bytes);
  const [originX, originY] = header.origin;
  const n = arrays.points.length / 2;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = originX + arrays.points[2 * i];
    y[i] = originY + arrays.points[2 * i + 1];
  }
  const { points: _, ...states } = arrays;
  const mixture = { ...header, truth: header.truth && asMixture(header.truth), n, x, y, ...states };
  if (mixture.states)
    mixture.values = Float64Array.from(
      { length: 2 * mixture.states },
      (_, i) => mixture.log_likelihoods[i >> 1],
    );
  if (mixture.states) mixture.figure = likelihoodFigure(mixture, !header.kmeans);
  if (!header.kmeans) return [mixture];
  const kmeans = { ...mixture, ...header.kmeans, ...withoutPrefix(arrays, "kmeans_") };
  return [{ ...kmeans, figure: inertiaFigure(kmeans) }, mixture];
}

const withoutPrefix = (arrays, prefix) =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );

const asMixture = (lists) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float64Array.from(list)]));

/** The run at position `p` of the dial: equal weights and one variance for all, of its own length. */
export function dialRun(run, p) {
  run.dialRuns ??= [];
  if (!run.dialRuns[p]) {
    const { lengths, variances, stops } = run.dial;
    const k = run.components;
    const first = lengths.slice(0, p).reduce((sum, length) => sum + length, 0);
    const states = lengths[p];
    const variance = variances[p];
    run.dialRuns[p] = {
      ...run,
      mixtures: [],
      dialRuns: undefined,
      states,
      stop: stops[p],
      figure: null,
      weights: new Float64Array(states * k).fill(1 / k),
      means: run.dial_means.subarray(2 * first * k, 2 * (first + states) * k),
      covariances: Float64Array.from({ length: 3 * states * k }, (_, i) => (i % 3 === 1 ? 0 : variance)),
      log_likelihoods: run.dial_log_likelihoods.subarray(first, first + states),
    };
  }
  return run.dialRuns[p];
}

/** State t's mixture: weights (K), means (K x 2) and covariances (K x 3: xx, xy, yy). */
export function mixtureAt(run, t) {
  const k = run.components;
  // The same object each time: what was drawn for it need not be drawn again.
  run.mixtures ??= [];
  run.mixtures[t] ??= {
    weights: run.weights.subarray(t * k, (t + 1) * k),
    means: run.means.subarray(2 * t * k, 2 * (t + 1) * k),
    covariances: run.covariances.subarray(3 * t * k, 3 * (t + 1) * k),
  };
  return run.mixtures[t];
}
