// Ellipses, circles, cells and trails as Plotly shapes: one relayout moves them and leaves the points alone.

import { heightOf } from "../model/line.js";
import { UNSEEN, presence } from "../model/mixture.js";
import { voronoiCells } from "../model/voronoi.js";
import { parseColour } from "./colour.js";

const ARCS = 8;
// Eight cubic arcs follow a circle to 4 parts in a million.
const REACH = (4 / 3) * Math.tan(Math.PI / (2 * ARCS));

/**
 * The SVG path, in data units, of the ellipse at `level` sigma.
 * @param {number} meanX
 * @param {number} meanY
 * @param {number} xx
 * @param {number} xy
 * @param {number} yy
 * @param {number} level
 */
export function ellipsePath(meanX, meanY, xx, xy, yy, level) {
  const l11 = Math.sqrt(xx);
  const l21 = xy / l11;
  const l22 = Math.sqrt(Math.max(yy - l21 * l21, 0));
  /** @type {(u: number, v: number) => string} */
  const place = (u, v) => `${meanX + level * l11 * u},${meanY + level * (l21 * u + l22 * v)}`;
  let path = `M${place(1, 0)}`;
  for (let i = 1; i <= ARCS; i++) {
    const [c0, s0] = [Math.cos((2 * Math.PI * (i - 1)) / ARCS), Math.sin((2 * Math.PI * (i - 1)) / ARCS)];
    const [c1, s1] = [Math.cos((2 * Math.PI * i) / ARCS), Math.sin((2 * Math.PI * i) / ARCS)];
    path += `C${place(c0 - REACH * s0, s0 + REACH * c0)} ${place(c1 + REACH * s1, s1 - REACH * c1)} ${place(c1, s1)}`;
  }
  return `${path}Z`;
}

/**
 * The angle in radians of an ellipse's long axis as it is drawn, a unit upwards `ratio` times as long as one
 * across: the axes of what is drawn are not those of the covariance. NaN for a circle, which has none.
 * @param {number} xx
 * @param {number} xy
 * @param {number} yy
 * @param {number} ratio
 */
export function drawnAngle(xx, xy, yy, ratio) {
  const [across, upwards, both] = [xx, yy * ratio * ratio, xy * ratio];
  const unlike = Math.hypot(across - upwards, 2 * both);
  return unlike < 1e-9 * (across + upwards) ? NaN : 0.5 * Math.atan2(2 * both, across - upwards);
}

/**
 * @param {Shapes} shapes
 * @param {number} level
 * @param {(k: number) => string} colours
 * @param {object} line
 * @param {number} [opacity]
 */
function ellipses(shapes, level, colours, line, opacity = 1) {
  const { weights, means, covariances } = shapes;
  return Array.from(weights, (_, k) => k)
    .filter((k) => presence(shapes, k) >= UNSEEN)
    .map((k) => ({
      type: "path",
      path: ellipsePath(means[2 * k], means[2 * k + 1], ...tripleAt(covariances, k), level),
      line: { color: colours(k), ...line },
      opacity: opacity * presence(shapes, k),
      layer: "above",
    }));
}

/**
 * Open lines through the means of states 0 to `t`, and on to those of the components shown.
 * @param {Run} run
 * @param {number} t
 * @param {Components} components
 * @param {Theme} theme
 * @param {number} size
 */
function trails(run, t, components, theme, size) {
  if (t < 1) return [];
  const k = run.components;
  const { means } = components;
  const seen = Array.from({ length: k }, (_, j) => j).filter((j) => presence(components, j) >= UNSEEN);
  return seen.map((j) => {
    let path = "";
    for (let s = 0; s < t; s++)
      path += `${s ? "L" : "M"}${run.means[2 * (s * k + j)]},${run.means[2 * (s * k + j) + 1]}`;
    path += `L${means[2 * j]},${means[2 * j + 1]}`;
    return {
      type: "path",
      path,
      line: { color: theme.palette[j], width: 1.5 * size },
      opacity: 0.55,
      layer: "above",
    };
  });
}

/**
 * @param {Run} run
 * @param {Theme} theme
 * @param {number} size
 */
function truthShapes(run, theme, size) {
  if (!run.true_shapes) return [];
  return [
    ...ellipses(run.true_shapes, 1, () => theme.text, { width: 1.5 * size, dash: "dot" }, 0.5),
    ...ellipses(run.true_shapes, 2, () => theme.text, { width: size, dash: "dot" }, 0.35),
  ];
}

/**
 * Points on a line: how far every component reaches to both sides, at its place below the axis.
 * @param {Mixture} components
 * @param {Float64Array} lanes
 * @param {number} level
 * @param {(k: number) => string} colours
 * @param {object} line
 * @param {number} [opacity]
 */
function reaches(components, lanes, level, colours, line, opacity = 1) {
  const { weights, means, covariances } = components;
  return Array.from(weights, (_, k) => k)
    .filter((k) => presence(components, k) >= UNSEEN)
    .map((k) => {
      const [mean, reach] = [means[2 * k], level * Math.sqrt(covariances[3 * k])];
      return {
        type: "path",
        path: `M${mean - reach},${lanes[k]}L${mean + reach},${lanes[k]}`,
        line: { color: colours(k), ...line },
        opacity: opacity * presence(components, k),
        layer: "above",
      };
    });
}

/** Places across at which the curve of the truth is computed. */
const TRUTH = 240;

/**
 * The density that the points truly have on their line.
 * @param {Run} run
 * @param {Theme} theme
 * @param {number} size
 */
function truthCurve({ true_shapes: truth, extent: [x0, x1] }, theme, size) {
  if (!truth) return [];
  const places = Array.from({ length: TRUTH + 1 }, (_, i) => {
    const x = x0 + ((x1 - x0) * i) / TRUTH;
    return `${x},${Array.from(truth.weights, (_, k) => heightOf(truth, k, x)).reduce((sum, y) => sum + y)}`;
  });
  const line = { color: theme.text, width: 2 * size, dash: "dot" };
  return [{ type: "path", path: `M${places.join("L")}`, line, opacity: 0.6, layer: "above" }];
}

/**
 * All shapes of a mixture's picture on a line.
 * @param {Drawing<EMRun, Mixture>} drawing
 */
function lineShapes({ run, components, before, options, theme, size }) {
  const { lanes } = run;
  const truth = options.truth ? truthCurve(run, theme, size) : [];
  if (!components || !lanes) return truth;
  const colours = (/** @type {number} */ k) => theme.palette[k];
  const dash = options.dashed ? "dash" : "solid";
  return [
    ...truth,
    ...(before ? reaches(before, lanes, 1, colours, { width: 9 * size }, 0.25) : []),
    ...(options.level === 1
      ? []
      : reaches(components, lanes, options.level, colours, { width: 1.5 * size, dash })),
    ...reaches(components, lanes, 1, colours, { width: 4 * size }),
  ];
}

/**
 * All shapes of a mixture's picture: truth, trails, the ellipses just left, and those of now.
 * @param {Drawing<EMRun, Mixture>} drawing
 */
export function mixtureShapes(drawing) {
  const { run, components, t, before, options, theme, size } = drawing;
  if (run.dimensions === 1) return lineShapes(drawing);
  /** @param {number} k */
  const colours = (k) => theme.palette[k];
  /** @type {object[]} */
  const shapes = options.truth ? truthShapes(run, theme, size) : [];
  if (!components) return shapes;
  if (options.trails) shapes.push(...trails(run, t, components, theme, size));
  if (before) shapes.push(...ellipses(before, 1, colours, { width: 1.5 * size }, 0.3));
  shapes.push(...ellipses(components, 1, colours, { width: 3 * size }));
  if (options.level !== 1)
    shapes.push(
      ...ellipses(components, options.level, colours, {
        width: 2 * size,
        dash: options.dashed ? "dash" : "solid",
      }),
    );
  return shapes;
}

/**
 * @param {Clusters} clusters
 * @param {(k: number) => string} colours
 * @param {object} line
 * @param {number} [opacity]
 */
function circles({ means, radii }, colours, line, opacity = 1) {
  return Array.from(radii, (_, k) => k)
    .filter((k) => radii[k] > 0)
    .map((k) => ({
      type: "circle",
      layer: "above",
      opacity,
      line: { color: colours(k), ...line },
      x0: means[2 * k] - radii[k],
      x1: means[2 * k] + radii[k],
      y0: means[2 * k + 1] - radii[k],
      y1: means[2 * k + 1] + radii[k],
    }));
}

/** Cells reach this many views beyond the view, so that a pan does not come to their end. */
const BEYOND = 1;

/**
 * @param {Clusters} clusters
 * @param {Frame} frame
 * @param {Theme} theme
 * @param {number} size
 */
function cellShapes(clusters, { x0, x1, y0, y1 }, theme, size) {
  const [spareX, spareY] = [BEYOND * (x1 - x0), BEYOND * (y1 - y0)];
  const wide = { x0: x0 - spareX, x1: x1 + spareX, y0: y0 - spareY, y1: y1 + spareY };
  return voronoiCells(clusters, wide).flatMap((corners, k) =>
    corners.length < 3
      ? []
      : [
          {
            type: "path",
            path: `M${corners.join("L")}Z`,
            layer: "above",
            opacity: 1,
            fillcolor: tint(theme.palette[k]),
            line: { color: theme.grey, width: 0.8 * size },
          },
        ],
  );
}

/**
 * So faint that the points' colours stay what they are.
 * @param {string} colour
 */
const tint = (colour) => `rgba(${parseColour(colour).join(",")},0.07)`;

/**
 * All shapes of K-Means' picture: cells, truth, trails, the circles just left, and those of now.
 * @param {Drawing<KMeansRun, Clusters>} drawing
 */
export function clusterShapes({ run, components, t, before, options, theme, size, frame }) {
  /** @param {number} k */
  const colours = (k) => theme.palette[k];
  const truth = options.truth ? truthShapes(run, theme, size) : [];
  if (!components) return truth;
  return [
    ...cellShapes(components, frame, theme, size),
    ...truth,
    ...(options.trails ? trails(run, t, components, theme, size) : []),
    ...(before ? circles(before, colours, { width: 1.5 * size }, 0.3) : []),
    ...circles(components, colours, { width: 3 * size }),
  ];
}

/**
 * Component k's covariance: xx, xy, yy.
 * @param {Float64Array} covariances
 * @param {number} k
 * @returns {[number, number, number]}
 */
const tripleAt = (covariances, k) => [covariances[3 * k], covariances[3 * k + 1], covariances[3 * k + 2]];
