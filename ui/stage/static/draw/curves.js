// Points on a line: the weighted densities of the components, stacked in their colours, their sum in ink above them,
// and perhaps a histogram of the points behind.

import { heightOf, histogramOf } from "../model/line.js";
import { presence } from "../model/mixture.js";
import { toPixels } from "./axes.js";
import { paintStrokes, svgOf } from "./strokes.js";

/** CSS pixels between two places at which the curves are computed. */
const STEP = 2;

/** Lines, in CSS pixels. */
const EDGE = 1.5;
const SUM = 2.4;

/** How strong the areas of the components are, and the bars behind them. */
const AREA = 0.42;
const BARS = 0.28;

/**
 * The upper edges of the layers, one upon the other: the noise, where there is any, and every component. Each is a line
 * of [x, y] in the pixels of the frame; the last is the mixture's own.
 * @param {Frame} frame
 * @param {Mixture} mixture
 */
function layersOf(frame, mixture) {
  const { width, x0, x1 } = frame;
  const columns = Array.from({ length: Math.ceil(width / STEP) + 1 }, (_, i) => i * STEP);
  const at = columns.map((px) => x0 + (px / width) * (x1 - x0));
  const noise = mixture.logNoise === undefined ? 0 : Math.exp(mixture.logNoise);
  // To noise both values of a yes/no column are alike: together they are the whole of it.
  const below = new Float64Array(columns.length).fill(mixture.probabilities ? 2 * noise : noise);
  /** @type {(heights: Float64Array) => [number, number][]} */
  const line = (heights) => columns.map((px, i) => [px, toPixels(frame, at[i], heights[i])[1]]);
  const edges = [line(below)];
  for (let k = 0; k < mixture.weights.length; k++) {
    at.forEach((x, i) => (below[i] += heightOf(mixture, k, x)));
    edges.push(line(below));
  }
  return edges;
}

/** @param {[number, number][]} line */
const pathOf = (line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/**
 * What is drawn, from the back to the front, as SVG paths in the pixels of the frame.
 * @param {Frame} frame
 * @param {Mixture} mixture
 * @param {Theme} theme
 * @param {Run} run
 * @param {boolean} bars whether a histogram is behind
 * @returns {import("./strokes.js").Stroke[]}
 */
function strokesOf(frame, mixture, theme, run, bars) {
  const edges = layersOf(frame, mixture);
  const ground = toPixels(frame, frame.x0, 0)[1];
  const floor = /** @type {[number, number][]} */ (edges[0].map(([x]) => [x, ground]));
  const colours = [theme.grey, ...theme.palette];
  const areas = edges.map((edge, i) => {
    const lower = i ? edges[i - 1] : floor;
    const path = `${pathOf([...edge, ...lower.toReversed()])}Z`;
    return { path, fill: colours[i], opacity: AREA * (i ? presence(mixture, i - 1) : 1) };
  });
  const lines = edges.slice(1).map((edge, k) => {
    return { path: pathOf(edge), stroke: theme.palette[k], width: EDGE, opacity: presence(mixture, k) };
  });
  const sum = { path: pathOf(edges[edges.length - 1]), stroke: theme.text, width: SUM, opacity: 1 };
  const seen = mixture.logNoise === undefined ? areas.slice(1) : areas;
  return [...(bars ? barsOf(frame, theme, run) : []), ...seen, ...lines, sum];
}

/**
 * @param {Frame} frame
 * @param {Theme} theme
 * @param {Run} run
 */
function barsOf(frame, theme, run) {
  const { edges, heights } = histogramOf(run.x);
  const path = heights.map((height, i) => {
    const [left, top] = toPixels(frame, edges[i], height);
    const [right, bottom] = toPixels(frame, edges[i + 1], 0);
    return `M${left.toFixed(1)} ${bottom.toFixed(1)}V${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}Z`;
  });
  return [{ path: path.join(""), fill: theme.grey, stroke: theme.background, width: 1, opacity: BARS }];
}

/** @param {boolean} bars */
export const curves = (bars) => ({
  /** @type {(context: CanvasRenderingContext2D, frame: Frame, mixture: Mixture, theme: Theme, run: Run) => void} */
  paint: (context, frame, mixture, theme, run) =>
    paintStrokes(context, strokesOf(frame, mixture, theme, run, bars)),
  /** @type {(frame: Frame, mixture: Mixture, theme: Theme, run: Run) => string} */
  draw: (frame, mixture, theme, run) => svgOf(strokesOf(frame, mixture, theme, run, bars)),
});
