// Hills: the density of a mixture as a surface above the floor on which the points lie, coloured by whose each place is.

import { hillOf, landscapeOf, peaksOf } from "../model/landscape.js";
import { DROP, RISE } from "./camera.js";
import { blend, parseColour } from "./colour.js";
import { shareColours } from "./theme.js";
import { fillTriangle } from "./triangles.js";

/** Lines of the grid, in each direction. */
export const LINES = 76;
export const FINE_LINES = 180;

/** From where light falls, how bright it is where none does, and how much brighter where all does. */
const LIGHT = [-0.38, -0.52, 0.765];
const SHADE = 0.6;
const LIT = 0.52;

/** How much is seen of the whole above the hill of one component. */
const SHELL = 0.16;

/** The lowlands are this far from the background to the text; hills take on colour early. */
const LOWLAND = 0.09;
const COLOURED = 1.3;

/**
 * The hills of a mixture in a box: its density, or the weighted density of component `one` and above it, as a shell,
 * that of all. What is higher than `top` is cut.
 * @param {object} what
 * @param {Mixture} what.mixture
 * @param {Four} what.extent that the floor shows
 * @param {boolean} what.equal whether both sides of the floor have one scale
 * @param {number} what.top the density at the lid of the box
 * @param {number | null} what.one
 * @param {Theme} what.theme
 * @param {number} [what.lines]
 * @returns {Hills}
 */
export function hillsOf({ mixture, extent, equal, top, one, theme, lines = LINES }) {
  const land = landscapeOf(mixture, extent, lines);
  const floor = floorOf(extent, equal);
  const u = land.x.map((x) => floor.toBox(x, 0)[0]);
  const v = land.y.map((y) => floor.toBox(0, y)[1]);
  /** @type {(heights: Float64Array, colours: Uint8Array, opacity: number) => HillLayer} */
  const layer = (heights, colours, opacity) => {
    const w = heights.map((density) => aboveFloor(density, top));
    const bytes = tinted(colours, heights, top, theme);
    shade(bytes, { n: land.n, u, v, w });
    return { heights, w, bytes, opacity };
  };
  const all = (/** @type {string} */ colour) => blend(new Uint8Array(land.x.length).fill(1), [colour]);
  const rows = land.shares.length / land.x.length;
  const colours = shareColours(theme, { components: mixture.weights.length, rows });
  const layers =
    one === null
      ? [layer(land.heights, blend(land.shares, colours), 1)]
      : [
          layer(hillOf(land, mixture, one), all(theme.palette[one]), 1),
          layer(land.heights, all(theme.grey), SHELL),
        ];
  return { ...floor, n: land.n, x: land.x, y: land.y, u, v, layers, top, peaks: peaksOf(mixture) };
}

/**
 * The floor of the box: its sides, the longer one 1, and where on it a place of the plane is.
 * @param {Four} extent
 * @param {boolean} equal
 * @returns {Floor}
 */
export function floorOf([x0, x1, y0, y1], equal) {
  const longer = Math.max(x1 - x0, y1 - y0);
  const [across, along] = equal ? [(x1 - x0) / longer, (y1 - y0) / longer] : [1, 1];
  return {
    across,
    along,
    toBox: (x, y) => [((x - x0) / (x1 - x0) - 0.5) * across, ((y - y0) / (y1 - y0) - 0.5) * along],
  };
}

/**
 * How far above the floor a density is drawn.
 * @param {number} density
 * @param {number} top
 */
export const aboveFloor = (density, top) => DROP + (RISE * Math.min(density, top)) / top;

/**
 * Colours (n x 3) that fade away where nearly nothing is.
 * @param {Uint8Array} colours
 * @param {Float64Array} heights
 * @param {number} top
 * @param {Theme} theme
 */
function tinted(colours, heights, top, theme) {
  const [background, text] = [theme.background, theme.text].map(parseColour);
  const low = background.map((value, part) => value + LOWLAND * (text[part] - value));
  return colours.map((value, i) => {
    const share = Math.min(1, COLOURED * Math.cbrt(heights[Math.floor(i / 3)] / top));
    return Math.round(low[i % 3] + share * (value - low[i % 3]));
  });
}

/**
 * Lets light fall on colours (n x 3).
 * @param {Uint8Array} bytes
 * @param {{ n: number, u: Float64Array, v: Float64Array, w: Float64Array }} surface
 */
function shade(bytes, { n, u, v, w }) {
  for (let i = 0; i < w.length; i++) {
    const [column, row] = [i % n, Math.floor(i / n)];
    const [left, right] = [column ? i - 1 : i, column < n - 1 ? i + 1 : i];
    const [below, above] = [row ? i - n : i, row < n - 1 ? i + n : i];
    const slopeU = (w[right] - w[left]) / (u[right] - u[left]);
    const slopeV = (w[above] - w[below]) / (v[above] - v[below]);
    const falls = (LIGHT[2] - LIGHT[0] * slopeU - LIGHT[1] * slopeV) / Math.hypot(1, slopeU, slopeV);
    const light = SHADE + LIT * Math.max(0, falls);
    for (let part = 3 * i; part < 3 * i + 3; part++) bytes[part] = Math.min(255, bytes[part] * light);
  }
}

/**
 * Paints hills from the back to the front; `enlarged` pixels of the sheet are one of the projection, whose corner lies
 * `pad` pixels within the sheet.
 * @param {import("./triangles.js").Sheet} sheet
 * @param {Hills} hills
 * @param {Projection} projection
 * @param {number} enlarged
 * @param {number} pad
 */
export function paintHills(sheet, { n, u, v, layers }, { right, down, middle, towards }, enlarged, pad) {
  const surfaces = layers.map(({ w, bytes, opacity }) => ({
    w,
    bytes,
    opacity,
    px: u.map((_, i) => pad + enlarged * (middle[0] + right[0] * u[i] + right[1] * v[i])),
    py: u.map((_, i) => pad + enlarged * (middle[1] + down[0] * u[i] + down[1] * v[i] + down[2] * w[i])),
  }));
  const cells = Array.from({ length: n - 1 }, (_, i) => i);
  const [columns, rows] = towards.map((side) => (side > 0 ? cells : cells.toReversed()));
  const [byRising, byFalling] = [towards[0] - towards[1] > 0, towards[0] + towards[1] > 0];
  for (const row of rows) {
    for (const column of columns) {
      const i = row * n + column;
      for (const { w, ...surface } of surfaces) {
        // Along the diagonal that is more level, or a ridge would look like stairs.
        const rising = Math.abs(w[i] - w[i + n + 1]) < Math.abs(w[i + 1] - w[i + n]);
        const [a, b] = rising ? [i, i + n + 1] : [i + 1, i + n];
        const halves = rising ? [i + n, i + 1] : [i, i + n + 1];
        const nearer = rising ? byRising : byFalling;
        fillTriangle(sheet, surface, a, b, halves[nearer ? 0 : 1], surface.opacity);
        fillTriangle(sheet, surface, a, b, halves[nearer ? 1 : 0], surface.opacity);
      }
    }
  }
}
