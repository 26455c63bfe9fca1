// One fit as a picture no larger than a stamp: points in their components' colours with ellipses, or on a line the
// density over a rug of points. It is SVG, sharp on every screen.

import { heightOf, histogramOf } from "../model/line.js";
import { toPixels } from "./axes.js";
import { ellipsePath } from "./shapes.js";
import { svgOf } from "./strokes.js";

/** CSS pixels. */
export const WIDTH = 220;
export const HEIGHT = 170;

/** Below the axis of a line, for the rug, and its strokes. */
const RUG = 20;
const RUG_STROKE = 11;

/** Pixels between two places of a curve. */
const STEP = 2;

/** A curve may be so many times as high as the points' histogram before it is cut: one that collapses has no end. */
const HIGHEST = 3;

/** Radii of points, plain and as glyphs, which are told apart by their outlines. */
const FEW = 100;
const RADIUS = { few: 2.6, many: 2 };
const GLYPH_RADIUS = 2.7;

/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {Omit<FitChartContent, "figure" | "fits" | "name" | "label">} Ground what all pictures of a chart share */

/**
 * The picture as SVG text.
 * @param {Ground} ground
 * @param {SmallFit} fit
 * @param {Pick<Theme, "text" | "grey" | "background">} theme
 */
export function smallFit(ground, fit, theme) {
  const strokes = ground.dimensions === 1 ? onALine(ground, fit, theme) : inThePlane(ground, fit, theme);
  return `<svg class="em-small-fit" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${svgOf(strokes)}</svg>`;
}

/**
 * Where the points lie; on equal axes the shorter one is made longer on both sides.
 * @param {Pick<Ground, "extent" | "equal">} ground
 * @returns {Frame}
 */
export function frameOf({ extent, equal }) {
  const [x0, x1, y0 = 0, y1 = 1] = extent;
  const unit = Math.max((x1 - x0) / WIDTH, (y1 - y0) / HEIGHT);
  const across = equal ? (unit * WIDTH - (x1 - x0)) / 2 : 0;
  const upwards = equal ? (unit * HEIGHT - (y1 - y0)) / 2 : 0;
  return {
    ...{ left: 0, top: 0, width: WIDTH, height: HEIGHT },
    ...{ x0: x0 - across, x1: x1 + across, y0: y0 - upwards, y1: y1 + upwards },
  };
}

/**
 * @param {Ground} ground
 * @param {SmallFit} fit
 * @param {Pick<Theme, "grey" | "background">} theme
 * @returns {Stroke[]}
 */
function inThePlane(ground, { labels, colours, shapes }, theme) {
  const { x, y, palette } = ground;
  const frame = frameOf(ground);
  const glyphs = colours.length >= ground.glyphs_from ? ground.glyphs : null;
  const radius = glyphs ? GLYPH_RADIUS : x.length <= FEW ? RADIUS.few : RADIUS.many;
  const points = byColour(labels).map(([colour, members]) => {
    const places = members.map((i) => toPixels(frame, x[i], y[i]));
    if (colour < 0) return { path: places.map(cross).join(""), stroke: theme.grey, width: 1.1, opacity: 0.9 };
    const sign = glyphs ? glyphAt(glyphs[colour % glyphs.length], radius) : disc(radius);
    return { path: places.map(sign).join(""), fill: palette[colour % palette.length], opacity: 0.85 };
  });
  const { means, covariances } = shapes;
  const [across, upwards] = [frame.width / (frame.x1 - frame.x0), frame.height / (frame.y1 - frame.y0)];
  const ellipses = colours.flatMap((colour, k) => {
    const [px, py] = toPixels(frame, means[2 * k], means[2 * k + 1]);
    const [xx, xy, yy] = covariances.subarray(3 * k);
    // Pixels go downwards.
    const drawn = [xx * across * across, -xy * across * upwards, yy * upwards * upwards];
    const path = ellipsePath(px, py, drawn[0], drawn[1], drawn[2], ground.level);
    const stroke = palette[colour % palette.length];
    return [
      // A rim, so that the line is seen on points of its own colour.
      { path, stroke: theme.background, width: 3.4, opacity: 0.75 },
      { path, stroke, width: 1.8, opacity: 1 },
    ];
  });
  return [...points, ...ellipses];
}

/**
 * @param {Ground} ground
 * @param {SmallFit} fit
 * @param {Pick<Theme, "text" | "grey">} theme
 * @returns {Stroke[]}
 */
function onALine(ground, { labels, colours, shapes }, theme) {
  const { x, palette } = ground;
  const [x0, x1] = ground.extent;
  const columns = Array.from({ length: WIDTH / STEP + 1 }, (_, i) => i * STEP);
  const heights = densities(
    shapes,
    columns.map((px) => x0 + (px / WIDTH) * (x1 - x0)),
  );
  const bars = Math.max(0, ...histogramOf(x).heights);
  const highest = Math.max(0, ...heights.sum);
  const top = 1.06 * (bars > 0 ? Math.min(highest, HIGHEST * bars) : highest) || 1;
  const ground0 = HEIGHT - RUG;
  const frame = { left: 0, top: 0, width: WIDTH, height: ground0, x0, x1, y0: 0, y1: top };
  /** @type {(values: Float64Array) => string} */
  const line = (values) =>
    `M${columns.map((px, i) => `${px} ${Math.max(toPixels(frame, x0, values[i])[1], -9).toFixed(1)}`).join("L")}`;
  const parts = colours.flatMap((colour, k) => {
    const own = palette[colour % palette.length];
    const path = line(heights.parts[k]);
    return [
      { path: `${path}L${WIDTH} ${ground0}L0 ${ground0}Z`, fill: own, opacity: 0.22 },
      { path, stroke: own, width: 1.5, opacity: 1 },
    ];
  });
  const rug = byColour(labels).map(([colour, members]) => ({
    path: members
      .map((i) => `M${toPixels(frame, x[i], 0)[0].toFixed(1)} ${HEIGHT - 4}v${-RUG_STROKE}`)
      .join(""),
    stroke: colour < 0 ? theme.grey : palette[colour % palette.length],
    width: 1.1,
    opacity: 0.65,
  }));
  const axis = { path: `M0 ${ground0}H${WIDTH}`, stroke: theme.grey, width: 1, opacity: 0.8 };
  return [...parts, axis, { path: line(heights.sum), stroke: theme.text, width: 1.8, opacity: 1 }, ...rug];
}

/**
 * The weighted densities of K components on a line at some places, and their sum.
 * @param {Shapes} shapes
 * @param {number[]} places
 */
export function densities(shapes, places) {
  const parts = Array.from(shapes.weights, (_, k) =>
    Float64Array.from(places, (x) => heightOf(shapes, k, x)),
  );
  const sum = Float64Array.from(places, (_, i) => parts.reduce((total, part) => total + part[i], 0));
  return { parts, sum };
}

/**
 * Indices of the points of each colour, the noise first, so that it is behind.
 * @param {Int32Array} labels
 */
function byColour(labels) {
  /** @type {Map<number, number[]>} */
  const groups = new Map();
  labels.forEach((label, i) => groups.set(label, [...(groups.get(label) ?? []), i]));
  return [...groups].sort(([a], [b]) => a - b);
}

/** @param {number} radius */
const disc =
  (radius) =>
  (/** @type {number[]} */ [x, y]) =>
    `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;

/** @param {number[]} place */
const cross = ([x, y]) => `M${(x - 2).toFixed(1)} ${(y - 2).toFixed(1)}l4 4m0 -4l-4 4`;

/**
 * @param {Glyph} glyph
 * @param {number} radius
 */
const glyphAt =
  ({ rings }, radius) =>
  (/** @type {number[]} */ [x, y]) =>
    rings
      .map(
        (ring) =>
          `M${ring.map(([u, v]) => `${(x + radius * u).toFixed(1)} ${(y + radius * v).toFixed(1)}`).join("L")}Z`,
      )
      .join("");
