// The region over which background noise is spread evenly, as gmm_core.background has it: the smaller of two boxes that
// hold all points, one along the axes and one along the points' own.

import { remembering } from "./remembering.js";

/** A corner of a box, and the two edges that leave it. @typedef {{ corner: number[], edges: number[][] }} Region */

/**
 * Of the points of a run; of a line from its least to its greatest.
 * @type {(run: Run) => Region}
 */
export const noiseRegion = remembering((run) => {
  const [x, y] = [run.x.filter(Number.isFinite), run.y.filter((_, i) => Number.isFinite(run.x[i]))];
  const [low, high] = extremes(x);
  if (run.dimensions === 1) {
    return {
      corner: [low, 0],
      edges: [
        [high - low, 0],
        [0, 0],
      ],
    };
  }
  const [bottom, top] = extremes(y);
  const spans = [high - low, top - bottom];
  // In units of the spans, so that units do not matter.
  const [u, v] = [x.map((value) => (value - x[0]) / spans[0]), y.map((value) => (value - y[0]) / spans[1])];
  const [[a, b], [c, d]] = axesOf(u, v);
  const [along0, along1] = extremes(u.map((value, i) => a * value + b * v[i]));
  const [across0, across1] = extremes(u.map((value, i) => c * value + d * v[i]));
  const [length, width] = [along1 - along0, across1 - across0];
  if (!(length * width < 1)) {
    return {
      corner: [low, bottom],
      edges: [
        [spans[0], 0],
        [0, spans[1]],
      ],
    };
  }
  return {
    corner: [x[0] + spans[0] * (along0 * a + across0 * c), y[0] + spans[1] * (along0 * b + across0 * d)],
    edges: [
      [spans[0] * length * a, spans[1] * length * b],
      [spans[0] * width * c, spans[1] * width * d],
    ],
  };
});

/** @param {Float64Array} values */
function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * The long and the short axis of points, each towards where it mostly points, so that a box has one name.
 * @param {Float64Array} u
 * @param {Float64Array} v
 */
function axesOf(u, v) {
  const [meanU, meanV] = [u, v].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  let [uu, uv, vv] = [0, 0, 0];
  for (let i = 0; i < u.length; i++) {
    uu += (u[i] - meanU) ** 2;
    uv += (u[i] - meanU) * (v[i] - meanV);
    vv += (v[i] - meanV) ** 2;
  }
  const angle = 0.5 * Math.atan2(2 * uv, uu - vv);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [cos, sin],
    [-sin, cos],
  ].map(([p, q]) => ((Math.abs(q) > Math.abs(p) ? q : p) < 0 ? [-p, -q] : [p, q]));
}
