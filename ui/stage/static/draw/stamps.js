// What a sign presses into the pixels around it: made once for each place within a pixel that it may stand on.

import { edgeDistance, isInside } from "./glyphs.js";

/** A pixel is looked at in so many places across, and as many down. */
export const SUBPIXELS = 4;

/** @typedef {(u: number, v: number) => number} Cover how much of the pixel (u, v) from its middle a sign covers */
/** @typedef {{ offsets: Int32Array, opacities: Float32Array }} Stamp */

/**
 * A disc, or a ring if `ringWidth` is above 0, in device pixels.
 * @param {number} radius
 * @param {number} ringWidth
 * @returns {Cover}
 */
export const discCover = (radius, ringWidth) => (u, v) => {
  const distance = Math.hypot(u, v);
  return ringWidth ? ringWidth / 2 + 0.5 - Math.abs(distance - radius) : radius + 0.5 - distance;
};

/**
 * A small cross that lies on its side, as wide as a disc of `radius`.
 * @param {number} radius
 * @returns {Cover}
 */
const crossCover = (radius) => {
  const [reach, half] = [0.8 * radius, Math.max(0.5, 0.2 * radius)];
  return (u, v) => {
    const [along, across] = [Math.abs(u + v) / Math.SQRT2, Math.abs(u - v) / Math.SQRT2];
    const [long, short] = [Math.max(along, across), Math.min(along, across)];
    return Math.min(half + 0.5 - short, reach + 0.5 - long);
  };
};

/** @param {number} cover */
const atMost = (cover) => Math.min(1, Math.max(0, cover));

/** Of an open sign, how thick its line is: a share of its radius, less where arms are narrow, and in device pixels at least. */
const LINE = 0.34;
const GLYPH_LINE = 0.24;
const THINNEST = 1.1;

/** More places than any sign has across. */
const WIDEST = 1 << 12;

/** The least radius of a ring, in device pixels, at which the hole in it is seen. */
const LEAST_RING = 1.8;

/**
 * A disc that is a cross by a share from 0 to 1; a ring where it is open.
 * @param {number} radius
 * @param {number} share
 * @param {boolean} open
 * @returns {Cover}
 */
export function fadingCover(radius, share, open) {
  const line = Math.max(THINNEST, LINE * radius);
  const ring = Math.max(LEAST_RING, radius) - line / 2;
  const disc = open ? discCover(ring, line) : discCover(radius, 0);
  const cross = crossCover(radius);
  return (u, v) => (1 - share) * atMost(disc(u, v)) + share * atMost(cross(u, v));
}

/**
 * A glyph; its outline alone where it is open.
 * @param {Glyph["rings"]} rings
 * @param {number} radius
 * @param {boolean} open
 * @returns {Cover}
 */
export function glyphCover(rings, radius, open) {
  const line = Math.max(THINNEST / radius, GLYPH_LINE);
  /** @type {(x: number, y: number) => boolean} */
  const isOn = (x, y) => isInside(rings, x, y) && !(open && edgeDistance(rings, x, y) > line);
  // The places looked at from all places within a pixel are the same few: each is looked at once.
  /** @type {Map<number, boolean>} */
  const known = new Map();
  return (u, v) => {
    let inside = 0;
    for (let i = 0; i < SUBPIXELS * SUBPIXELS; i++) {
      const x = u + ((i % SUBPIXELS) + 0.5) / SUBPIXELS - 0.5;
      const y = v + (Math.floor(i / SUBPIXELS) + 0.5) / SUBPIXELS - 0.5;
      const place = WIDEST * Math.round(2 * SUBPIXELS * x) + Math.round(2 * SUBPIXELS * y);
      let on = known.get(place);
      if (on === undefined) known.set(place, (on = isOn(x / radius, y / radius)));
      if (on) inside++;
    }
    return inside / (SUBPIXELS * SUBPIXELS);
  };
}

/**
 * Offsets and opacities of a sign within `reach` pixels, for each of its places within a pixel.
 * @param {number} reach
 * @param {number} opacity
 * @param {number} rowLength of the image, in pixels
 * @param {Cover} coverAt
 * @returns {Stamp[]}
 */
export function makeStamps(reach, opacity, rowLength, coverAt) {
  return Array.from({ length: SUBPIXELS * SUBPIXELS }, (_, sub) => {
    const cx = ((sub % SUBPIXELS) + 0.5) / SUBPIXELS;
    const cy = (Math.floor(sub / SUBPIXELS) + 0.5) / SUBPIXELS;
    /** @type {number[]} */
    const offsets = [];
    /** @type {number[]} */
    const opacities = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const cover = Math.min(1, Math.max(0, coverAt(dx + 0.5 - cx, dy + 0.5 - cy))) * opacity;
        if (cover > 0.004) {
          offsets.push(4 * (dy * rowLength + dx));
          opacities.push(cover);
        }
      }
    }
    return { offsets: Int32Array.from(offsets), opacities: Float32Array.from(opacities) };
  });
}

/**
 * "Over" compositing of one colour through a stamp, on pixels that are not premultiplied.
 * @param {Uint8ClampedArray} data
 * @param {number} base
 * @param {Stamp} stamp
 * @param {number} r
 * @param {number} g
 * @param {number} b
 */
export function press(data, base, { offsets, opacities }, r, g, b) {
  for (let j = 0; j < offsets.length; j++) pressPixel(data, base + offsets[j], opacities[j], r, g, b);
}

/**
 * The same of one pixel, of which a colour covers the share `a`.
 * @param {Uint8ClampedArray} data
 * @param {number} at
 * @param {number} a
 * @param {number} r
 * @param {number} g
 * @param {number} b
 */
export function pressPixel(data, at, a, r, g, b) {
  const under = data[at + 3];
  if (under === 0 || a === 1) {
    data[at] = r;
    data[at + 1] = g;
    data[at + 2] = b;
    data[at + 3] = 255 * a;
    return;
  }
  const rest = (under / 255) * (1 - a);
  const total = a + rest;
  const share = a / total;
  data[at] += (r - data[at]) * share;
  data[at + 1] += (g - data[at + 1]) * share;
  data[at + 2] += (b - data[at + 2]) * share;
  data[at + 3] = 255 * total;
}
