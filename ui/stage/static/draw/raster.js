// Points on a canvas: discs with smooth edges, stamped into the pixels by hand, since thousands of arcs a
// frame are too slow without a graphics card.

import { REACH } from "./glyphs.js";
import { SUBPIXELS, discCover, fadingCover, glyphCover, makeStamps, press } from "./stamps.js";

/** @typedef {{ px: Float32Array, py: Float32Array }} Pixels CSS pixels of the frame */
/** @typedef {{ radius: number, opacity: number, ringWidth?: number, only?: number[] | null }} Style */

/** In so many steps a disc turns into a cross. */
export const DEGREES = 8;

/** A canvas that draws discs, rings, glyphs and square cells in device pixels. */
export class Raster {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.ratio = 1;
    this.pad = 0;
    this.image = new ImageData(1, 1);
    this.words = new Uint32Array(this.image.data.buffer);
    /** @type {Map<string, import("./stamps.js").Stamp[]>} */
    this.stamps = new Map();
    this.begun = false;
  }

  /**
   * Sizes the canvas, in CSS pixels, and clears the picture that is being made.
   * @param {number} width
   * @param {number} height
   * @param {number} ratio device pixels to a CSS pixel
   */
  begin(width, height, ratio) {
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    this.ratio = ratio;
    if (this.begun && this.canvas.width === w && this.canvas.height === h) {
      this.words.fill(0);
      return;
    }
    this.begun = true;
    this.canvas.width = w;
    this.canvas.height = h;
    // A margin as wide as the widest stamp saves a test at every pixel.
    this.pad = Math.ceil(24 * ratio) + 2;
    this.image = new ImageData(w + 2 * this.pad, h + 2 * this.pad);
    this.words = new Uint32Array(this.image.data.buffer);
    this.stamps.clear();
  }

  /**
   * Discs in the colours of `bytes` (n x 3); rings if `ringWidth` is above 0.
   * @param {Pixels} pixels
   * @param {Uint8Array} bytes
   * @param {Style} style
   */
  discs(pixels, bytes, { radius, opacity, ringWidth = 0, only = null }) {
    const reach = Math.ceil((radius + ringWidth) * this.ratio + 1);
    const cover = () => discCover(radius * this.ratio, ringWidth * this.ratio);
    const stamps = this.stampsOf(`${radius} ${opacity} ${ringWidth}`, reach, opacity, cover);
    this.pressAll(pixels, bytes, only, reach + 1, () => stamps);
  }

  /**
   * Signs in the colours of `bytes` (n x 3): each mark's glyph where it has one, else a disc, which is a cross by its
   * part of `crossed`; its outline alone where it is not `filled`.
   * @param {Pixels} pixels
   * @param {Uint8Array} bytes
   * @param {object} what
   * @param {ArrayLike<number> | null} [what.kinds] the place of each mark's glyph, negative for none; null for discs
   * @param {Glyph[]} [what.glyphs]
   * @param {ArrayLike<number> | null} [what.crossed] from 0 to DEGREES; null where nothing is a cross
   * @param {ArrayLike<number> | null} [what.filled] 1 or 0; null where all are
   * @param {Style} style
   */
  signs(pixels, bytes, { kinds, glyphs = [], crossed, filled }, { radius, opacity, only = null }) {
    const reach = Math.ceil((kinds ? REACH : 1) * radius * this.ratio + 1);
    // Among glyphs a plain disc is small, so that none is taken for one of them.
    const disc = kinds && !crossed ? 0.6 * radius : radius;
    /** @type {import("./stamps.js").Stamp[][]} */
    const stamps = [];
    /** @type {(kind: number, degree: number, open: boolean) => import("./stamps.js").Cover} */
    const coverOf = (kind, degree, open) =>
      kind < 0
        ? fadingCover(disc * this.ratio, degree / DEGREES, open)
        : glyphCover(glyphs[kind].rings, radius * this.ratio, open);
    /** @type {(kind: number, degree: number, open: boolean) => import("./stamps.js").Stamp[]} */
    const stampsOf = (kind, degree, open) =>
      this.stampsOf(
        `${radius} ${disc} ${opacity} ${glyphs[kind]?.name} ${degree} ${open}`,
        reach,
        opacity,
        () => coverOf(kind, degree, open),
      );
    this.pressAll(pixels, bytes, only, reach + 1, (i) => {
      const kind = kinds ? kinds[i] : -1;
      const degree = crossed && kind < 0 ? crossed[i] : 0;
      const open = Boolean(filled && !filled[i]);
      const at = 2 * ((DEGREES + 1) * (kind + 1) + degree) + Number(open);
      return (stamps[at] ??= stampsOf(kind, degree, open));
    });
  }

  /**
   * @param {string} key
   * @param {number} reach
   * @param {number} opacity
   * @param {() => import("./stamps.js").Cover} cover
   */
  stampsOf(key, reach, opacity, cover) {
    let stamps = this.stamps.get(key);
    if (!stamps) this.stamps.set(key, (stamps = makeStamps(reach, opacity, this.image.width, cover())));
    return stamps;
  }

  /**
   * @param {Pixels} pixels
   * @param {Uint8Array} bytes
   * @param {number[] | null} only
   * @param {number} margin
   * @param {(i: number) => import("./stamps.js").Stamp[]} stampsAt
   */
  pressAll({ px, py }, bytes, only, margin, stampsAt) {
    const { data, width: row, height } = this.image;
    const n = only ? only.length : px.length;
    for (let at = 0; at < n; at++) {
      const i = only ? only[at] : at;
      const x = px[i] * this.ratio + this.pad;
      const y = py[i] * this.ratio + this.pad;
      if (!(x >= margin && y >= margin && x < row - margin && y < height - margin)) continue;
      const column = Math.floor(x);
      const line = Math.floor(y);
      const sub = (((x - column) * SUBPIXELS) | 0) + SUBPIXELS * (((y - line) * SUBPIXELS) | 0);
      const base = 4 * (line * row + column);
      press(data, base, stampsAt(i)[sub], bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]);
    }
  }

  /**
   * Square cells of `size` CSS pixels, numbered along rows of `columns`, each with an opacity from 0 to 1.
   * @param {ArrayLike<number>} cells
   * @param {number} columns
   * @param {number} size
   * @param {Uint8Array} bytes
   * @param {ArrayLike<number>} opacities
   */
  cells(cells, columns, size, bytes, opacities) {
    const row = this.image.width;
    const lines = this.image.height;
    for (let i = 0; i < cells.length; i++) {
      const column = cells[i] % columns;
      const line = Math.floor(cells[i] / columns);
      const left = Math.round(column * size * this.ratio) + this.pad;
      const right = Math.min(row, Math.round((column + 1) * size * this.ratio) + this.pad);
      const top = Math.round(line * size * this.ratio) + this.pad;
      const bottom = Math.min(lines, Math.round((line + 1) * size * this.ratio) + this.pad);
      const colour = (bytes[3 * i + 2] << 16) | (bytes[3 * i + 1] << 8) | bytes[3 * i];
      const word = (Math.round(255 * opacities[i]) << 24) | colour;
      for (let py = top; py < bottom; py++) this.words.fill(word, py * row + left, py * row + right);
    }
  }

  /** Shows the picture. */
  show() {
    this.context.putImageData(this.image, -this.pad, -this.pad);
  }
}
