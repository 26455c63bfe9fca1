// The canvas of the points: discs, glyphs or cells, rings about some of them, and points on their way to Python.

import { allToPixels } from "./axes.js";
import { CELL, fullest, gather, grouped, mixed, opacities } from "./cells.js";
import { plain } from "./colour.js";
import { element } from "./dom.js";
import { drawPies, pressPies } from "./pies.js";
import { DEGREES, Raster } from "./raster.js";

/** @param {number} n */
const radiusFor = (n) => (n <= 200 ? 5 : n <= 1000 ? 4 : n <= 6000 ? 2.6 : n <= 20000 ? 1.8 : 1.3);

/**
 * Glyphs are told apart by their outlines, so they are larger than plain points, and more so where few lie.
 * @param {number} n
 */
const glyphRadiusFor = (n) => Math.max(radiusFor(n), n <= 6000 ? 3.4 : 2.4);

/**
 * Pies are read by their sectors, so they are larger still.
 * @param {number} n
 */
const pieRadiusFor = (n) => (n <= 100 ? 9 : n <= 300 ? 7 : n <= 600 ? 5.8 : n <= 1200 ? 5 : 4.4);

/** Rings that touch one another would be one patch, in which no colour can be read. */
const FEW_RINGS = 40;
const RING = { opacity: 0.9, ringWidth: 1.2 };
const FAINT_RING = { opacity: 0.5, ringWidth: 0.7 };

/** Of cells, one in so many across and down carries a glyph. */
const GLYPH_CELLS = 12;

export class PointsLayer {
  constructor() {
    this.canvas = /** @type {HTMLCanvasElement} */ (
      element("canvas", { class: "em-canvas em-points", "aria-hidden": "true" })
    );
    this.raster = new Raster(this.canvas);
    /** @type {Marks} */
    this.marks = { x: new Float64Array(), y: new Float64Array(), upwards: new Float64Array() };
    /** @type {Frame} */
    this.frame = { left: 0, top: 0, width: 1, height: 1, x0: 0, x1: 1, y0: 0, y1: 1 };
    this.opacities = new Float32Array();
    /** Where a cell may be two marks, its marks together. @type {ReturnType<typeof grouped> | null} */
    this.group = null;
    /** Where a point on a line is drawn that has no height yet. */
    this.middle = 0;
    /** Of the points, in the pixels of the frame; null where cells are drawn. @type {{ px: Float32Array, py: Float32Array } | null} */
    this.pixels = null;
    this.size = 1;
    this.n = 0;
  }

  /**
   * Takes up the run's points in a frame; everything is drawn `size` times as large as plain.
   * @param {Pick<Run, "n" | "x" | "y" | "labels" | "binary" | "heights" | "cells" | "label_names" | "whole">} run
   * @param {Frame} frame
   * @param {number} size
   */
  place(run, frame, size) {
    const { x, y, labels, binary, heights, whole } = run;
    const upwards = heights ?? y;
    this.frame = frame;
    this.size = size;
    this.n = run.n;
    const all = whole && { points: whole.points };
    this.marks = run.cells ? gather(run, frame) : { x, y, upwards, labels, binary, all };
    this.middle = heights ? (heights[0] ?? 0) : 0;
    const { cells, sizes } = this.marks;
    this.group = binary && cells && sizes ? grouped(cells, sizes) : null;
    const counted = this.group?.sizes ?? sizes;
    if (counted) this.opacities = opacities(counted);
    this.pixels = run.cells ? null : allToPixels(frame, x, upwards);
  }

  /**
   * The radius of a point in CSS pixels.
   * @param {{ kinds: unknown, pies?: unknown }} what whether they have glyphs, or are pies
   */
  radius({ kinds, pies }) {
    return (pies ? pieRadiusFor : kinds ? glyphRadiusFor : radiusFor)(this.n) * this.size;
  }

  /**
   * @param {object} what
   * @param {Uint8Array} what.bytes (n x 3)
   * @param {Int32Array | null} what.kinds each mark's glyph; null for plain points
   * @param {ArrayLike<number> | null} what.lost each mark's share of the noise, of which it is a cross; null for none
   * @param {import("./pies.js").Pies | null} what.pies what each is a pie of; null for other marks
   * @param {number[] | null} what.ringed indices of marks that stand out
   * @param {{ place: number[] }[]} what.pending points on their way to Python
   * @param {Uint8Array | null} what.pendingBytes the colours of those
   * @param {Theme} what.theme
   */
  draw({ bytes, kinds, lost, pies, ringed, pending, pendingBytes, theme }) {
    const { raster, frame, pixels } = this;
    const radius = this.radius({ kinds, pies });
    raster.begin(frame.width, frame.height, window.devicePixelRatio || 1);
    const filled = this.marks.binary;
    if (!pixels) this.drawCells(bytes, kinds, theme);
    else if (pies) pressPies(raster, pixels, pies, { radius, filled, theme });
    else if (kinds || lost || filled) {
      const crossed = lost && degreesOf(lost);
      const what = { kinds, glyphs: theme.glyphs, crossed, filled };
      raster.signs(pixels, bytes, what, { radius, opacity: kinds ? 0.9 : 0.85 });
    } else raster.discs(pixels, bytes, { radius, opacity: 0.85 });
    if (ringed?.length && pixels) {
      const many = ringed.length > FEW_RINGS;
      const ring = { radius: radius + 1.5, ...(many ? FAINT_RING : RING), only: ringed };
      raster.discs(pixels, plain(pixels.px.length, theme.text), ring);
    }
    if (pending.length) {
      // What lies on a line is drawn among the others.
      const [xs, ys] = [0, 1].map((axis) => pending.map(({ place }) => place[axis] ?? this.middle));
      const colours = pendingBytes ?? plain(pending.length, theme.grey);
      raster.discs(allToPixels(frame, xs, ys), colours, { radius, opacity: 0.85 });
    }
    raster.show();
  }

  /**
   * Its pies as SVG, in the pixels of the frame; nothing where there are none.
   * @param {import("./pies.js").Pies | null} pies
   * @param {Theme} theme
   */
  drawnPies(pies, theme) {
    if (!pies || !this.pixels) return "";
    const radius = this.radius({ kinds: null, pies });
    return drawPies(this.pixels, pies, { radius, filled: this.marks.binary, theme });
  }

  /**
   * Where cells are too small for a sign, the fullest one of every few carries it, on a ground of its own.
   * @param {Uint8Array} bytes
   * @param {Int32Array | null} kinds
   * @param {Theme} theme
   */
  drawCells(bytes, kinds, theme) {
    const { raster, frame, size } = this;
    const { x, upwards, cells, sizes, columns, binary } = this.marks;
    if (!cells || !sizes || !columns) return;
    const colours = this.group ? mixed(bytes, sizes, this.group) : bytes;
    raster.cells(this.group?.cells ?? cells, columns, CELL, colours, this.opacities);
    if (!kinds) return;
    const only = fullest({ cells, sizes, columns }, GLYPH_CELLS);
    const pixels = allToPixels(frame, x, upwards);
    raster.discs(pixels, plain(x.length, theme.background), { radius: 7 * size, opacity: 0.85, only });
    const what = { kinds, glyphs: theme.glyphs, filled: binary };
    raster.signs(pixels, bytes, what, { radius: 3.8 * size, opacity: 1, only });
  }

  /**
   * How many points the marks with these indices stand for.
   * @param {number[]} indices
   */
  countOf(indices) {
    const { sizes } = this.marks;
    return sizes ? indices.reduce((sum, i) => sum + sizes[i], 0) : indices.length;
  }

  /**
   * Takes a point off the picture, where Python is about to.
   * @param {number} point
   */
  hide(point) {
    if (this.pixels) this.pixels.px[point] = NaN;
  }
}

/**
 * How far each mark has turned into a cross, from 0 to DEGREES.
 * @param {ArrayLike<number>} lost
 */
export function degreesOf(lost) {
  const degrees = new Uint8Array(lost.length);
  for (let i = 0; i < degrees.length; i++) degrees[i] = Math.round(DEGREES * lost[i]);
  return degrees;
}
