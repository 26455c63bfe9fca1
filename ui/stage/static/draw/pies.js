// Points as small pies, a sector for every component: on the raster of the points, and as paths of a saved picture.

import { parseColour } from "./colour.js";
import { SUBPIXELS, press } from "./stamps.js";

/** More pies than these would be too small to be read: there are discs then. */
export const MOST_PIES = 2000;

/** A sector below half a degree is not seen. */
const THINNEST = 0.5 / 360;

/** The hole of a pie that says no in the yes/no column, as a share of its radius. */
const HOLE = 0.55;

/** Between pies that lie upon each other, in CSS pixels, and as opaque as this. */
const RIM = 0.9;
const RIM_OPACITY = 0.75;

const TURN = 2 * Math.PI;

/**
 * What pies are drawn from: shares (N x R in rows), and the colours of the R, `strength` of the way from grey, which
 * all are before the first E-step.
 * @typedef {{ shares: Float64Array, colours: string[], strength: number }} Pies
 */

/**
 * Where each sector of a pie ends, in turns from the top clockwise; sectors too thin to be seen end where they begin.
 * @param {ArrayLike<number>} shares
 * @param {number} at where the pie's row begins
 * @param {number} rows
 */
export function sectorEnds(shares, at, rows) {
  const ends = new Float64Array(rows);
  let total = 0;
  for (let k = 0; k < rows; k++) {
    if (shares[at + k] >= THINNEST) total += shares[at + k];
    ends[k] = total;
  }
  return ends.map((end) => end / total);
}

/**
 * The colours of sectors, as numbers.
 * @param {Pies} pies
 * @param {Theme} theme
 */
function sectorColours({ colours, strength }, theme) {
  const grey = parseColour(theme.grey);
  return colours.map((colour) =>
    parseColour(colour).map((value, i) => Math.round(grey[i] + strength * (value - grey[i]))),
  );
}

/**
 * The pixels of a pie for each of its places within a pixel: offsets, how much of each it covers, where around the
 * middle it lies, in turns, and how many turns a pixel is wide there.
 * @param {number} radius in device pixels
 * @param {number} hole in device pixels, 0 for none
 * @param {number} rowLength
 */
function makePieStamps(radius, hole, rowLength) {
  const reach = Math.ceil(radius + 1);
  return Array.from({ length: SUBPIXELS * SUBPIXELS }, (_, sub) => {
    const cx = ((sub % SUBPIXELS) + 0.5) / SUBPIXELS;
    const cy = (Math.floor(sub / SUBPIXELS) + 0.5) / SUBPIXELS;
    const pixels = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [u, v] = [dx + 0.5 - cx, dy + 0.5 - cy];
        const distance = Math.hypot(u, v);
        const inner = hole ? distance - hole + 0.5 : 1;
        const cover = Math.min(1, radius + 0.5 - distance, inner);
        const turn = (Math.atan2(u, -v) / TURN + 1) % 1;
        const wide = 1 / (TURN * Math.max(0.5, distance));
        if (cover > 0.004) pixels.push({ offset: 4 * (dy * rowLength + dx), cover, turn, wide });
      }
    }
    return pixels;
  });
}

/**
 * How much of a pixel, which spans `from` to `to` in turns, lies in a sector.
 * @param {number} from
 * @param {number} to
 * @param {number} begin
 * @param {number} end
 */
const overlap = (from, to, begin, end) => Math.max(0, Math.min(to, end) - Math.max(from, begin));

/**
 * The colour of a pixel of a pie: that of its sector, mixed where two meet.
 * @param {{ turn: number, wide: number }} pixel
 * @param {ArrayLike<number>} ends
 * @param {number[][]} colours
 * @param {number[]} out
 */
function colourAt({ turn, wide }, ends, colours, out) {
  out[0] = out[1] = out[2] = 0;
  const [from, to] = [turn - wide / 2, turn + wide / 2];
  let begin = 0;
  for (let k = 0; k < colours.length; k++) {
    const end = ends[k];
    if (end > begin) {
      // The top is both the beginning and the end.
      const part =
        overlap(from, to, begin, end) +
        overlap(from + 1, to + 1, begin, end) +
        overlap(from - 1, to - 1, begin, end);
      const weight = part / wide;
      for (let c = 0; c < 3; c++) out[c] += weight * colours[k][c];
    }
    begin = end;
  }
}

/**
 * Presses pies into the picture that a raster is making; open where they are not `filled`.
 * @param {import("./raster.js").Raster} raster
 * @param {import("./raster.js").Pixels} pixels
 * @param {Pies} pies
 * @param {object} how
 * @param {number} how.radius
 * @param {ArrayLike<number> | null} [how.filled] 1 or 0; null where all are
 * @param {Theme} how.theme
 */
export function pressPies(raster, { px, py }, pies, { radius, filled, theme }) {
  const { ratio, pad } = raster;
  const { data, width: row, height } = raster.image;
  const [r, hole] = [radius * ratio, HOLE * radius * ratio];
  const stamps = [makePieStamps(r, hole, row), makePieStamps(r, 0, row)];
  const rims = makePieStamps(r + RIM * ratio, 0, row).map(asStamp);
  const back = parseColour(theme.background);
  const colours = sectorColours(pies, theme);
  const rows = colours.length;
  const margin = Math.ceil(r + RIM * ratio) + 2;
  const colour = [0, 0, 0];
  const one = { offsets: new Int32Array(1), opacities: new Float32Array(1) };
  for (let i = 0; i < px.length; i++) {
    const x = px[i] * ratio + pad;
    const y = py[i] * ratio + pad;
    if (!(x >= margin && y >= margin && x < row - margin && y < height - margin)) continue;
    const [column, line] = [Math.floor(x), Math.floor(y)];
    const sub = (((x - column) * SUBPIXELS) | 0) + SUBPIXELS * (((y - line) * SUBPIXELS) | 0);
    const base = 4 * (line * row + column);
    press(data, base, rims[sub], back[0], back[1], back[2]);
    const ends = sectorEnds(pies.shares, i * rows, rows);
    for (const pixel of stamps[filled && !filled[i] ? 0 : 1][sub]) {
      colourAt(pixel, ends, colours, colour);
      one.offsets[0] = pixel.offset;
      one.opacities[0] = pixel.cover;
      press(data, base, one, colour[0], colour[1], colour[2]);
    }
  }
}

/** @param {{ offset: number, cover: number }[]} pixels */
const asStamp = (pixels) => ({
  offsets: Int32Array.from(pixels, ({ offset }) => offset),
  opacities: Float32Array.from(pixels, ({ cover }) => RIM_OPACITY * cover),
});

/**
 * A sector as an SVG path about (x, y).
 * @param {number} x
 * @param {number} y
 * @param {number} begin in turns
 * @param {number} end
 * @param {number} radius
 * @param {number} hole
 */
function sectorPath(x, y, begin, end, radius, hole) {
  /** @type {(turn: number, r: number) => string} */
  const at = (turn, r) =>
    `${(x + r * Math.sin(TURN * turn)).toFixed(2)} ${(y - r * Math.cos(TURN * turn)).toFixed(2)}`;
  const half = (begin + end) / 2;
  // In two arcs: one that ends where it begins would be none.
  const arc = (/** @type {number} */ r, /** @type {number[]} */ turns, /** @type {number} */ sweep) =>
    turns.map((turn) => `A${r} ${r} 0 0 ${sweep} ${at(turn, r)}`).join("");
  const outer = `M${at(begin, radius)}${arc(radius, [half, end], 1)}`;
  return hole ? `${outer}L${at(end, hole)}${arc(hole, [half, begin], 0)}Z` : `${outer}L${at(end, 0)}Z`;
}

/**
 * Pies as SVG, in the pixels of the frame.
 * @param {import("./raster.js").Pixels} pixels
 * @param {Pies} pies
 * @param {object} how
 * @param {number} how.radius
 * @param {ArrayLike<number> | null} [how.filled]
 * @param {Theme} how.theme
 */
export function drawPies({ px, py }, pies, { radius, filled, theme }) {
  const colours = sectorColours(pies, theme).map((colour) => `rgb(${colour.join()})`);
  const rows = colours.length;
  const drawn = Array.from(px, (x, i) => {
    const ends = sectorEnds(pies.shares, i * rows, rows);
    const hole = filled && !filled[i] ? HOLE * radius : 0;
    const paths = colours.map((colour, k) => {
      const begin = k ? ends[k - 1] : 0;
      return ends[k] > begin
        ? `<path fill="${colour}" d="${sectorPath(x, py[i], begin, ends[k], radius, hole)}"/>`
        : "";
    });
    const rim = `<circle cx="${x.toFixed(2)}" cy="${py[i].toFixed(2)}" r="${radius + RIM}" fill="${theme.background}" opacity="${RIM_OPACITY}"/>`;
    return `<g class="em-pie">${rim}${paths.join("")}</g>`;
  });
  return drawn.join("");
}
