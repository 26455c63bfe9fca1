// The signs that points of a component carry beside its colour. Their outlines come from Python with the palette:
// corners about (0, 0), in radii of a plain point, filled where an odd number of rings lies around.

import { drawing } from "./dom.js";

/** The farthest corner of any glyph. */
export const REACH = 1.8;

/**
 * Whether (x, y), in radii, lies on the glyph.
 * @param {Glyph["rings"]} rings
 * @param {number} x
 * @param {number} y
 */
export function isInside(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < xi + ((xj - xi) * (y - yi)) / (yj - yi)) inside = !inside;
    }
  }
  return inside;
}

/**
 * How far (x, y), in radii, lies from the nearest edge of the glyph.
 * @param {Glyph["rings"]} rings
 * @param {number} x
 * @param {number} y
 */
export function edgeDistance(rings, x, y) {
  let least = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [fromX, fromY] = [x - ring[j][0], y - ring[j][1]];
      const [sideX, sideY] = [ring[i][0] - ring[j][0], ring[i][1] - ring[j][1]];
      const along = (fromX * sideX + fromY * sideY) / (sideX * sideX + sideY * sideY);
      const part = Math.min(1, Math.max(0, along));
      least = Math.min(least, Math.hypot(fromX - part * sideX, fromY - part * sideY));
    }
  }
  return least;
}

/**
 * The glyph in the colour of the text around it, to stand beside a number or a name.
 * @param {Glyph} glyph
 */
export function glyphSign({ rings }) {
  const path = rings.map((ring) => `M${ring.map((corner) => corner.join(" ")).join("L")}Z`).join("");
  return drawing("em-glyph", `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, path);
}
