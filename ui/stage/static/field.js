// What lies behind the points: nothing, the responsibility field, or lines of equal density.

import { blend } from "./colour.js";
import { evaluate, massLevels } from "./mixture.js";
import { toData } from "./axes.js";

/** Edge of a grid cell, in CSS pixels. */
const GRID = 5;

/** Shares of the mixture's mass that the contours enclose. */
export const SHARES = [0.25, 0.5, 0.75, 0.9, 0.99];

function makeGrid(frame) {
  const columns = Math.ceil(frame.width / GRID) + 1;
  const rows = Math.ceil(frame.height / GRID) + 1;
  const x = new Float64Array(columns * rows);
  const y = new Float64Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) [x[i], y[i]] = toData(frame, column * GRID, row * GRID);
  }
  return { columns, rows, x, y };
}

/** Who would claim each place, fading where the density is low. */
function paintField(context, frame, mixture, theme) {
  const { columns, rows, x, y } = makeGrid(frame);
  const { responsibilities, logDensities } = evaluate(x, y, mixture);
  const bytes = blend(responsibilities, theme.palette.slice(0, mixture.weights.length));
  const image = new ImageData(columns, rows);
  const [half, edge] = massLevels(mixture, [0.5, 0.999]);
  for (let i = 0; i < x.length; i++) {
    const height = Math.min(1, Math.max(0, (logDensities[i] - edge) / (half - edge)));
    image.data.set([bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2], 40 + 110 * height], 4 * i);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  // A grid value belongs to a corner, a pixel's to its middle: half a cell apart.
  context.drawImage(small, -GRID / 2, -GRID / 2, columns * GRID, rows * GRID);
}

/** Adds to the path the line of `level` within one cell, whose corner values turn clockwise (marching squares). */
function crossCell(path, values, level, left, top) {
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
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
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    path.moveTo(...crossings[i]);
    path.lineTo(...crossings[i + 1]);
  }
}

function paintContours(context, frame, mixture, theme) {
  const { columns, rows, x, y } = makeGrid(frame);
  const { logDensities } = evaluate(x, y, mixture);
  massLevels(mixture, SHARES).forEach((level, index) => {
    const path = new Path2D();
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const i = row * columns + column;
        const a = logDensities[i];
        const b = logDensities[i + 1];
        const c = logDensities[i + columns + 1];
        const d = logDensities[i + columns];
        const above = (a >= level) + (b >= level) + (c >= level) + (d >= level);
        if (above > 0 && above < 4) crossCell(path, [a, b, c, d], level, column * GRID, row * GRID);
      }
    }
    context.strokeStyle = theme.text;
    context.globalAlpha = 0.75 - 0.12 * index;
    context.lineWidth = 1.2;
    context.stroke(path);
  });
  context.globalAlpha = 1;
}

export const BACKGROUNDS = {
  nothing: { title: "Nothing", paint: () => {} },
  field: { title: "Responsibility field", paint: paintField },
  contours: { title: "Density contours", paint: paintContours },
};

/** Paints the named background over the whole canvas. */
export function paintBackground(canvas, name, frame, ratio, mixture, theme) {
  const context = canvas.getContext("2d");
  const width = Math.max(1, Math.round(frame.width * ratio));
  const height = Math.max(1, Math.round(frame.height * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (mixture) BACKGROUNDS[name].paint(context, frame, mixture, theme);
}
