// Points as small pies, a sector for every component: on the raster of the points, and as paths of a saved picture.

import { parseColour } from "./colour.js";
import { SUBPIXELS, press, pressPixel } from "./stamps.js";

/** More pies than these would be too small to be read: there are discs then. */
export const MOST_PIES = 2000;

/** A sector below half a degree is not seen. */
const THINNEST = 0.5 / 360;

/** The hole of a pie that says no in the yes/no column, as a share of its radius. */
const HOLE = 0.55;

/** Between pies that lie upon each other, in CSS pixels. */
const RIM = 0.9;

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
 * @param {Float64Array} [ends] to be filled
 */
export function sectorEnds(shares, at, rows, ends = new Float64Array(rows)) {
  let total = 0;
  for (let k = 0; k < rows; k++) {
    if (shares[at + k] >= THINNEST) total += shares[at + k];
    ends[k] = total;
  }
  for (let k = 0; k < rows; k++) ends[k] /= total;
  return ends;
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
 * The pixels of a ring, or of a disc where `inner` is 0, for each of its places within a pixel: offsets, how much of
 * each it covers, where about the middle they lie, in turns, and how many turns half a pixel is wide there.
 * @param {number} outer in device pixels
 * @param {number} inner in device pixels
 * @param {number} rowLength
 */
function makePieStamps(outer, inner, rowLength) {
  const reach = Math.ceil(outer + 1);
  return Array.from({ length: SUBPIXELS * SUBPIXELS }, (_, sub) => {
    const cx = ((sub % SUBPIXELS) + 0.5) / SUBPIXELS;
    const cy = (Math.floor(sub / SUBPIXELS) + 0.5) / SUBPIXELS;
    const pixels = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [u, v] = [dx + 0.5 - cx, dy + 0.5 - cy];
        const distance = Math.hypot(u, v);
        const cover = Math.min(1, outer + 0.5 - distance, inner ? distance - inner + 0.5 : 1);
        if (cover < 0.004) continue;
        const turn = (Math.atan2(u, -v) / TURN + 1) % 1;
        pixels.push({
          offset: 4 * (dy * rowLength + dx),
          cover,
          turn,
          half: 0.5 / (TURN * Math.max(0.5, distance)),
        });
      }
    }
    return {
      offsets: Int32Array.from(pixels, ({ offset }) => offset),
      opacities: Float32Array.from(pixels, ({ cover }) => cover),
      turns: Float32Array.from(pixels, ({ turn }) => turn),
      halves: Float32Array.from(pixels, ({ half }) => half),
    };
  });
}

/** @typedef {ReturnType<typeof makePieStamps>[number]} PieStamp */

/**
 * Presses one pie: a pixel where sectors meet has of each colour as much as it has of the sector.
 * @param {Uint8ClampedArray} data
 * @param {number} base
 * @param {PieStamp} stamp
 * @param {Float64Array} ends
 * @param {number[][]} colours
 */
function pressPie(data, base, { offsets, opacities, turns, halves }, ends, colours) {
  for (let j = 0; j < offsets.length; j++) {
    const [from, to] = [turns[j] - halves[j], turns[j] + halves[j]];
    let k = 0;
    while (k < colours.length - 1 && ends[k] <= turns[j]) k++;
    let [r, g, b] = colours[k];
    // The top is both the beginning and the end.
    if (from < (k ? ends[k - 1] : 0) || to > ends[k]) {
      r = g = b = 0;
      let begin = 0;
      for (k = 0; k < colours.length; begin = ends[k++]) {
        const part = overlap(from, to, begin, ends[k]);
        const around = overlap(from + 1, to + 1, begin, ends[k]) + overlap(from - 1, to - 1, begin, ends[k]);
        const weight = (part + around) / (to - from);
        r += weight * colours[k][0];
        g += weight * colours[k][1];
        b += weight * colours[k][2];
      }
    }
    pressPixel(data, base + offsets[j], opacities[j], r, g, b);
  }
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
 * Stamps last as long as the raster's own, which are forgotten when its rows change their length.
 * @type {WeakMap<object, Map<string, PieStamp[]>>}
 */
const stampsOfRaster = new WeakMap();

/**
 * @param {import("./raster.js").Raster} raster
 * @param {number} outer
 * @param {number} inner
 */
function pieStamps({ image }, outer, inner) {
  let kept = stampsOfRaster.get(image);
  if (!kept) stampsOfRaster.set(image, (kept = new Map()));
  const key = `${outer} ${inner}`;
  let stamps = kept.get(key);
  if (!stamps) kept.set(key, (stamps = makePieStamps(outer, inner, image.width)));
  return stamps;
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
  const r = radius * ratio;
  const outer = r + RIM * ratio;
  const [full, open] = [0, HOLE * r].map((hole) => pieStamps(raster, r, hole));
  const rims = pieStamps(raster, outer, r);
  const back = parseColour(theme.background);
  const colours = sectorColours(pies, theme);
  const ends = new Float64Array(colours.length);
  const margin = Math.ceil(outer) + 2;
  for (let i = 0; i < px.length; i++) {
    const x = px[i] * ratio + pad;
    const y = py[i] * ratio + pad;
    if (!(x >= margin && y >= margin && x < row - margin && y < height - margin)) continue;
    const [column, line] = [Math.floor(x), Math.floor(y)];
    const sub = (((x - column) * SUBPIXELS) | 0) + SUBPIXELS * (((y - line) * SUBPIXELS) | 0);
    const base = 4 * (line * row + column);
    press(data, base, rims[sub], back[0], back[1], back[2]);
    sectorEnds(pies.shares, i * colours.length, colours.length, ends);
    pressPie(data, base, (filled && !filled[i] ? open : full)[sub], ends, colours);
  }
}

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
    const rim = `<circle cx="${x.toFixed(2)}" cy="${py[i].toFixed(2)}" r="${radius + RIM}" fill="${theme.background}"/>`;
    return `<g class="em-pie">${rim}${paths.join("")}</g>`;
  });
  return drawn.join("");
}
