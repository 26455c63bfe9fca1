// Points on a canvas: discs with smooth edges, stamped into the pixels by hand, since thousands of arcs a
// frame are too slow without a graphics card.

import { REACH, isInside } from "./glyphs.js";

const SUBPIXELS = 4;

/** How much of the pixel around (u, v) from its middle a disc covers, or a ring if `ringWidth` is above 0. */
const discCover = (radius, ringWidth) => (u, v) => {
  const distance = Math.hypot(u, v);
  return ringWidth ? ringWidth / 2 + 0.5 - Math.abs(distance - radius) : radius + 0.5 - distance;
};

/** The same for a glyph, whose pixels are looked at in 4 x 4 places. */
const glyphCover = (rings, radius) => (u, v) => {
  let inside = 0;
  for (let i = 0; i < SUBPIXELS * SUBPIXELS; i++) {
    const x = u + ((i % SUBPIXELS) + 0.5) / SUBPIXELS - 0.5;
    const y = v + (Math.floor(i / SUBPIXELS) + 0.5) / SUBPIXELS - 0.5;
    if (isInside(rings, x / radius, y / radius)) inside++;
  }
  return inside / (SUBPIXELS * SUBPIXELS);
};

/** Offsets and opacities of a sign within `reach` pixels, for each of 4 x 4 subpixel places. */
function makeStamps(reach, opacity, rowLength, coverAt) {
  const stamps = [];
  for (let sub = 0; sub < SUBPIXELS * SUBPIXELS; sub++) {
    const cx = ((sub % SUBPIXELS) + 0.5) / SUBPIXELS;
    const cy = (Math.floor(sub / SUBPIXELS) + 0.5) / SUBPIXELS;
    const offsets = [];
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
    stamps.push({ offsets: Int32Array.from(offsets), opacities: Float32Array.from(opacities) });
  }
  return stamps;
}

/** "Over" compositing of one colour through a stamp, on pixels that are not premultiplied. */
function press(data, base, { offsets, opacities }, r, g, b) {
  for (let j = 0; j < offsets.length; j++) {
    const at = base + offsets[j];
    const a = opacities[j];
    const under = data[at + 3];
    if (under === 0) {
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
      data[at + 3] = 255 * a;
    } else {
      const rest = (under / 255) * (1 - a);
      const total = a + rest;
      const share = a / total;
      data[at] += (r - data[at]) * share;
      data[at + 1] += (g - data[at + 1]) * share;
      data[at + 2] += (b - data[at + 2]) * share;
      data[at + 3] = 255 * total;
    }
  }
}

/** A canvas that draws discs, rings, glyphs and square cells in device pixels. */
export class Raster {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.pad = 0;
    this.stamps = new Map();
  }

  /** Sizes the canvas, in CSS pixels, and clears the picture that is being made. */
  begin(width, height, ratio) {
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    this.ratio = ratio;
    if (this.canvas.width !== w || this.canvas.height !== h || !this.image) {
      this.canvas.width = w;
      this.canvas.height = h;
      // A margin as wide as the widest stamp saves a test at every pixel.
      this.pad = Math.ceil(24 * ratio) + 2;
      this.image = new ImageData(w + 2 * this.pad, h + 2 * this.pad);
      this.words = new Uint32Array(this.image.data.buffer);
      this.stamps.clear();
    } else {
      this.words.fill(0);
    }
  }

  /** Discs at (x, y) in CSS pixels in the colours of `bytes` (n x 3); rings if `ringWidth` is above 0. */
  discs(x, y, bytes, { radius, opacity, ringWidth = 0, only = null }) {
    const reach = Math.ceil((radius + ringWidth) * this.ratio + 1);
    const cover = () => discCover(radius * this.ratio, ringWidth * this.ratio);
    const stamps = this.stampsOf(`${radius} ${opacity} ${ringWidth}`, reach, opacity, cover);
    this.pressAll(x, y, bytes, only, reach + 1, () => stamps);
  }

  /** Glyphs: of kind kinds[i] at (x[i], y[i]), and a small disc where the kind is negative. */
  glyphs(x, y, bytes, kinds, glyphs, { radius, opacity, only = null }) {
    const reach = Math.ceil(REACH * radius * this.ratio + 1);
    const stamps = [];
    const stampsOf = ({ name, rings }) =>
      this.stampsOf(`${radius} ${opacity} ${name}`, reach, opacity, () =>
        glyphCover(rings, radius * this.ratio),
      );
    const none = this.stampsOf(`${0.6 * radius} ${opacity} 0`, reach, opacity, () =>
      discCover(0.6 * radius * this.ratio, 0),
    );
    this.pressAll(x, y, bytes, only, reach + 1, (i) =>
      kinds[i] < 0 ? none : (stamps[kinds[i]] ??= stampsOf(glyphs[kinds[i]])),
    );
  }

  stampsOf(key, reach, opacity, cover) {
    if (!this.stamps.has(key)) this.stamps.set(key, makeStamps(reach, opacity, this.image.width, cover()));
    return this.stamps.get(key);
  }

  pressAll(x, y, bytes, only, margin, stampsAt) {
    const { data, width: row, height } = this.image;
    const n = only ? only.length : x.length;
    for (let at = 0; at < n; at++) {
      const i = only ? only[at] : at;
      const px = x[i] * this.ratio + this.pad;
      const py = y[i] * this.ratio + this.pad;
      if (!(px >= margin && py >= margin && px < row - margin && py < height - margin)) continue;
      const column = Math.floor(px);
      const line = Math.floor(py);
      const sub = (((px - column) * SUBPIXELS) | 0) + SUBPIXELS * (((py - line) * SUBPIXELS) | 0);
      press(
        data,
        4 * (line * row + column),
        stampsAt(i)[sub],
        bytes[3 * i],
        bytes[3 * i + 1],
        bytes[3 * i + 2],
      );
    }
  }

  /** Square cells of `size` CSS pixels, numbered along rows of `columns`, each with an opacity from 0 to 1. */
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
      const word =
        (Math.round(255 * opacities[i]) << 24) |
        (bytes[3 * i + 2] << 16) |
        (bytes[3 * i + 1] << 8) |
        bytes[3 * i];
      for (let py = top; py < bottom; py++) this.words.fill(word, py * row + left, py * row + right);
    }
  }

  /** Shows the picture. */
  show() {
    this.context.putImageData(this.image, -this.pad, -this.pad);
  }
}
