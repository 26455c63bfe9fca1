// What lies behind the points: nothing, the responsibility field, or lines of equal density; of a line its curves.

import { blend } from "./colour.js";
import { evaluate } from "../model/log-joint.js";
import { massLevels } from "../model/mixture.js";
import { toData } from "./axes.js";
import { curves } from "./curves.js";
import { shareColours } from "./theme.js";

/** Edge of a grid cell, in CSS pixels. */
const GRID = 5;

/** Shares of the mixture's mass that the contours enclose. */
const SHARES = [0.25, 0.5, 0.75, 0.9, 0.99];

/**
 * @param {Frame} frame
 */
function makeGrid(frame) {
  const columns = Math.ceil(frame.width / GRID) + 1;
  const rows = Math.ceil(frame.height / GRID) + 1;
  const x = new Float64Array(columns * rows);
  const y = new Float64Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++)
      [x[i], y[i]] = toData(frame, column * GRID, row * GRID);
  }
  return { columns, rows, x, y };
}

/**
 * Who would claim each place of a grid, as colours (n x 4), fading where the density is low.
 * @param {{ x: Float64Array, y: Float64Array }} grid
 * @param {Mixture} mixture
 * @param {Theme} theme
 */
function fieldColours({ x, y }, mixture, theme) {
  const { responsibilities, logDensities } = evaluate(x, y, mixture);
  const rows = responsibilities.length / x.length;
  const bytes = blend(responsibilities, shareColours(theme, { components: mixture.weights.length, rows }));
  const colours = new Uint8ClampedArray(4 * x.length);
  const [half, edge] = massLevels(mixture, [0.5, 0.999]);
  for (let i = 0; i < x.length; i++) {
    const height = Math.min(1, Math.max(0, (logDensities[i] - edge) / (half - edge)));
    colours.set([bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2], 40 + 110 * height], 4 * i);
  }
  return colours;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Mixture} mixture
 * @param {Theme} theme
 */
function paintField(context, frame, mixture, theme) {
  const grid = makeGrid(frame);
  const image = new ImageData(fieldColours(grid, mixture, theme), grid.columns, grid.rows);
  const small = new OffscreenCanvas(grid.columns, grid.rows);
  /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d")).putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  // A grid value belongs to a corner, a pixel's to its middle: half a cell apart.
  context.drawImage(small, -GRID / 2, -GRID / 2, grid.columns * GRID, grid.rows * GRID);
}

/**
 * The field as SVG: cells of one colour are one path, and colours that look alike are one.
 * @param {Frame} frame
 * @param {Mixture} mixture
 * @param {Theme} theme
 */
function drawField(frame, mixture, theme) {
  const grid = makeGrid(frame);
  const colours = fieldColours(grid, mixture, theme).map((value) => 4 * Math.round(value / 4));
  /** @param {number} i */
  const at = (i) => colours.subarray(4 * i, 4 * i + 4).join();
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0, next; column < grid.columns; column = next) {
      const colour = at(row * grid.columns + column);
      for (next = column + 1; next < grid.columns && at(row * grid.columns + next) === colour;) next++;
      const width = (next - column) * GRID;
      const cell = `M${(column - 0.5) * GRID} ${(row - 0.5) * GRID}h${width}v${GRID}h${-width}z`;
      paths.set(colour, (paths.get(colour) ?? "") + cell);
    }
  }
  const marks = Array.from(paths, ([colour, path]) => {
    const [red, green, blue, opacity] = colour.split(",");
    return `<path fill="rgb(${red},${green},${blue})" fill-opacity="${(Number(opacity) / 255).toFixed(3)}" d="${path}"/>`;
  });
  return `<g shape-rendering="crispEdges">${marks.join("")}</g>`;
}

/**
 * The ends of the line of `level` within one cell, whose corner values turn clockwise (marching squares).
 * @param {number[]} values
 * @param {number} level
 * @param {number} left
 * @param {number} top
 */
function crossCell(values, level, left, top) {
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  /** @type {[number, number][]} */
  const crossings = [];
  for (let side = 0; side < 4; side++) {
    const a = values[side];
    const b = values[(side + 1) % 4];
    if (a < level === b < level) continue;
    const share = (level - a) / (b - a);
    const [x0, y0] = corners[side];
    const [x1, y1] = corners[(side + 1) % 4];
    crossings.push([left + GRID * (x0 + share * (x1 - x0)), top + GRID * (y0 + share * (y1 - y0))]);
  }
  return crossings;
}

/**
 * For each of SHARES the SVG path of its line, and how strong it is.
 * @param {Frame} frame
 * @param {Mixture} mixture
 */
function contourLines(frame, mixture) {
  const { columns, rows, x, y } = makeGrid(frame);
  const { logDensities } = evaluate(x, y, mixture);
  return massLevels(mixture, SHARES).map((level, index) => {
    let path = "";
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const i = row * columns + column;
        const a = logDensities[i];
        const b = logDensities[i + 1];
        const c = logDensities[i + columns + 1];
        const d = logDensities[i + columns];
        const above = [a, b, c, d].filter((value) => value >= level).length;
        if (above === 0 || above === 4) continue;
        const ends = crossCell([a, b, c, d], level, column * GRID, row * GRID);
        ends.forEach(([px, py], end) => (path += `${end % 2 ? "L" : "M"}${px.toFixed(2)} ${py.toFixed(2)}`));
      }
    }
    return { path, opacity: 0.75 - 0.12 * index };
  });
}

const CONTOUR = 1.2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Mixture} mixture
 * @param {Theme} theme
 */
function paintContours(context, frame, mixture, theme) {
  context.strokeStyle = theme.text;
  context.lineWidth = CONTOUR;
  for (const { path, opacity } of contourLines(frame, mixture)) {
    context.globalAlpha = opacity;
    context.stroke(new Path2D(path));
  }
  context.globalAlpha = 1;
}

/**
 * @param {Frame} frame
 * @param {Mixture} mixture
 * @param {Theme} theme
 */
const drawContours = (frame, mixture, theme) =>
  contourLines(frame, mixture)
    .map(
      ({ path, opacity }) =>
        `<path fill="none" stroke="${theme.text}" stroke-width="${CONTOUR}" opacity="${opacity.toFixed(2)}" d="${path}"/>`,
    )
    .join("");

/**
 * What may lie there, on a canvas and as SVG. What it is called comes from Python, ui/stage/choices.py.
 * @type {Record<string, {
 *   paint: (context: CanvasRenderingContext2D, frame: Frame, mixture: Mixture, theme: Theme, run: Run) => void,
 *   draw: (frame: Frame, mixture: Mixture, theme: Theme, run: Run) => string }>}
 */
export const BACKGROUNDS = {
  nothing: { paint: () => {}, draw: () => "" },
  field: { paint: paintField, draw: drawField },
  contours: { paint: paintContours, draw: drawContours },
  curves: curves(false),
  histogram: curves(true),
};

/**
 * The named background as SVG, in the pixels of the frame.
 * @param {string} name
 * @param {Frame} frame
 * @param {Mixture | null} mixture
 * @param {Theme} theme
 * @param {Run} run
 */
export const drawBackground = (name, frame, mixture, theme, run) =>
  mixture ? BACKGROUNDS[name].draw(frame, mixture, theme, run) : "";

/**
 * Paints the named background over the whole canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 * @param {Frame} frame
 * @param {number} ratio device pixels to a CSS pixel
 * @param {Mixture | null} mixture
 * @param {Theme} theme
 * @param {Run} run
 */
export function paintBackground(canvas, name, frame, ratio, mixture, theme, run) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const width = Math.max(1, Math.round(frame.width * ratio));
  const height = Math.max(1, Math.round(frame.height * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (mixture) BACKGROUNDS[name].paint(context, frame, mixture, theme, run);
}
