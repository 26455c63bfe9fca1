// Along the upper and the right edge of the picture: what the mixture is along each axis, its components stacked in
// their colours and their sum in ink, before the histogram of the points.

import { along, marginalsAt } from "../model/marginals.js";
import { presence } from "../model/mixture.js";
import { element } from "./dom.js";
import { paintStrokes } from "./strokes.js";

/** CSS pixels: between two places of a curve, from the picture to the panel, and of the lines. */
const STEP = 2;
const GAP = 4;
const EDGE = 1.2;
const SUM = 1.7;

/** How strong areas and bars are. */
const AREA = 0.42;
const BARS = 0.4;

/** A panel is this share of the picture, within bounds. */
const SHARE = 0.13;
const LEAST = 34;
const MOST = 110;

/**
 * How deep a panel is beside a picture whose smaller side is `side` pixels.
 * @param {number} side
 */
export const depthOf = (side) => Math.round(Math.min(MOST, Math.max(LEAST, SHARE * side)));

/** @typedef {(at: number, height: number) => [number, number]} Place pixels of a place along the axis and a density */

/**
 * What is drawn along one axis, from the back to the front.
 * @param {EMRun} run
 * @param {Mixture | null} mixture
 * @param {0 | 1} axis
 * @param {[number, number]} seen the ends of the axis
 * @param {number} length of the axis, in pixels
 * @param {Theme} theme
 * @param {Place} place
 */
export function panelOf(run, mixture, axis, [low, high], length, theme, place) {
  const { range, edges, heights } = along(run, axis);
  /** @param {[number, number][]} line */
  const pathOf = (line) => `M${line.map(([at, height]) => place(at, height).map(round).join(",")).join("L")}`;
  const bars = heights.map((height, i) => {
    const [from, to] = [Math.max(low, edges[i]), Math.min(high, edges[i + 1])];
    if (from >= to || !height) return "";
    return `${pathOf([
      [from, 0],
      [from, height],
      [to, height],
      [to, 0],
    ])}Z`;
  });
  /** @type {import("./strokes.js").Stroke[]} */
  const strokes = [
    { path: bars.join(""), fill: theme.grey, stroke: theme.background, width: 1, opacity: BARS },
  ].filter(({ path }) => path);
  if (!mixture) return strokes;
  const n = Math.ceil(length / STEP) + 1;
  const places = Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
  const parts = places.map((at) => marginalsAt(mixture, axis, at, range));
  const below = new Float64Array(n);
  let lower = places.map((at) => /** @type {[number, number]} */ ([at, 0]));
  [theme.grey, ...theme.palette.slice(0, mixture.weights.length)].forEach((colour, part) => {
    if (!part && !mixture.noise) return;
    const upper = places.map((at, i) => /** @type {[number, number]} */ ([at, (below[i] += parts[i][part])]));
    const shown = part ? presence(mixture, part - 1) : 1;
    strokes.push({
      path: `${pathOf([...upper, ...lower.toReversed()])}Z`,
      fill: colour,
      opacity: AREA * shown,
    });
    strokes.push({ path: pathOf(upper), stroke: colour, width: EDGE, opacity: shown });
    lower = upper;
  });
  strokes.push({ path: pathOf(lower), stroke: theme.text, width: SUM, opacity: 1 });
  return strokes;
}

/** @param {number} value */
const round = (value) => Number(value.toFixed(5));

/**
 * Both panels about a frame, in its pixels: above it, and to its right.
 * @param {EMRun} run
 * @param {Mixture | null} mixture
 * @param {Frame} frame
 * @param {number} depth
 * @param {Theme} theme
 * @param {(px: number, py: number) => [number, number]} [to] from those pixels to others
 */
export function panelsOf(run, mixture, frame, depth, theme, to = (px, py) => [px, py]) {
  const { x0, x1, y0, y1, width, height } = frame;
  /** @type {(axis: 0 | 1) => (density: number) => number} */
  const deep = (axis) => (density) => GAP + (depth - GAP) * Math.min(1, density / along(run, axis).top);
  const [up, right] = [deep(0), deep(1)];
  return [
    panelOf(run, mixture, 0, [x0, x1], width, theme, (at, density) =>
      to(((at - x0) / (x1 - x0)) * width, -up(density)),
    ),
    panelOf(run, mixture, 1, [y0, y1], height, theme, (at, density) =>
      to(width + right(density), ((y1 - at) / (y1 - y0)) * height),
    ),
  ];
}

/**
 * The panels as shapes of a Plotly figure whose plot is the frame, for a file.
 * @param {EMRun} run
 * @param {Mixture | null} mixture
 * @param {Frame} frame
 * @param {number} depth
 * @param {Theme} theme
 */
export const marginShapes = (run, mixture, frame, depth, theme) =>
  panelsOf(run, mixture, frame, depth, theme, (px, py) => [px / frame.width, 1 - py / frame.height])
    .flat()
    .map(({ path, fill, stroke, width, opacity }) => ({
      ...{ type: "path", xref: "paper", yref: "paper", layer: "above", path, opacity },
      ...{
        fillcolor: fill ?? "rgba(0,0,0,0)",
        line: { color: stroke ?? "rgba(0,0,0,0)", width: width ?? 0 },
      },
    }));

/** The panels on the screen: a canvas as large as the picture and its panels, which hands pass through. */
export class Margins {
  constructor() {
    this.canvas = /** @type {HTMLCanvasElement} */ (
      element("canvas", { class: "em-canvas em-margins", "aria-hidden": "true", hidden: true })
    );
  }

  /**
   * @param {EMRun} run
   * @param {Mixture | null} mixture
   * @param {Frame} frame
   * @param {number} depth 0 for none
   * @param {Theme} theme
   */
  draw(run, mixture, frame, depth, theme) {
    const { canvas } = this;
    canvas.hidden = !depth;
    if (!depth) return;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [frame.width + depth, frame.height + depth];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.cssText = `left:${frame.left}px;top:${frame.top - depth}px;width:${width}px;height:${height}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, depth * ratio);
    for (const strokes of panelsOf(run, mixture, frame, depth, theme)) paintStrokes(context, strokes);
  }
}
