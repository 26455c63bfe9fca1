// All pairs of more than two columns as small pictures: whoever takes one has it in the large one.

import { mixtureAt } from "../model/mixture.js";
import { upperAt } from "../protocol/pairs.js";
import { pictureAt } from "../model/timeline.js";
import { parseColour } from "../draw/colour.js";
import { Colouring } from "../draw/colouring.js";
import { element } from "../draw/dom.js";

/** Points in a small picture, and so many pixels wide each. */
const MOST_POINTS = 600;
const DOT = 1.6;

/** Edges of a small picture: in CSS pixels at least, in letters at most, and pixels between two. */
const LEAST = 22;
const MOST = 4.75;
const GAP = 3;

/** Of the edge that no point lies in. */
const MARGIN = 0.06;

/** @type {Record<string, [columns: number, rows: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Where a small picture is, in pixels of the canvas. @typedef {{ pair: number[], left: number, top: number, side: number }} Cell */

/**
 * A colour as a canvas holds it, in a whole number.
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 */
const packed = (red, green, blue) => (255 << 24) | (blue << 16) | (green << 8) | red;

export class Pairs {
  /**
   * @param {import("../stages/pane.js").Pane} pane
   * @param {(pair: number[]) => void} choose
   */
  constructor(pane, choose) {
    this.pane = pane;
    this.choose = choose;
    /** @type {{ pair: [number, number], node: HTMLButtonElement }[]} */
    this.thumbs = [];
    this.grid = element("div", {
      class: "em-pairs",
      role: "radiogroup",
      "aria-label": "The two columns that are shown",
      keydown: (event) => this.walk(event),
    });
    /** One for all small pictures: a browser is slower with many. */
    this.canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { "aria-hidden": "true" }));
    this.said = element("p", { class: "em-note em-pairs-said" });
    this.node = element(
      "section",
      { class: "em-card em-pairs-card", "aria-label": "Pairs", hidden: true },
      element("header", {}, element("strong", {}, "Pairs"), (this.count = element("span"))),
      this.grid,
      this.said,
    );
    /** Where the points of the small pictures are, each column from 0 to 1. @type {Float32Array[]} */
    this.places = [];
    this.sample = new Uint32Array();
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.grid);
  }

  /** Takes up the pane's run: a small picture for each two of its columns. */
  begin() {
    const { run } = this.pane;
    this.node.hidden = !run.whole;
    if (!run.whole) return;
    if (this.whole !== run.whole) this.build(run, run.whole);
    this.mark();
    this.measure();
  }

  /**
   * @param {EMRun} run
   * @param {Whole} whole
   */
  build(run, whole) {
    this.whole = whole;
    const d = run.dimensions;
    this.take(run, whole);
    this.thumbs = [];
    for (let j = 1; j < d; j++)
      for (let i = 0; i < j; i++) this.thumbs.push(this.thumb([i, j], whole.columns));
    this.grid.style.setProperty("--em-pairs", String(d - 1));
    this.grid.replaceChildren(this.canvas, ...this.thumbs.map(({ node }) => node));
    const drawn = this.sample.length;
    const some = drawn < run.n ? `, each with ${drawn.toLocaleString("en")} of the points` : "";
    this.count.textContent = `all ${this.thumbs.length} of ${d} columns${some}`;
  }

  /**
   * Some of the points, drawn at random from equal parts of the file, and always the same ones.
   * @param {EMRun} run
   * @param {Whole} whole
   */
  take({ n, dimensions: d, labels, binary }, { points, extent }) {
    const count = Math.min(n, MOST_POINTS);
    let random = 1;
    // In step with the rows, it would miss what comes in turns.
    this.sample = Uint32Array.from({ length: count }, (_, i) => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return Math.floor(((i + random / 2 ** 32) * n) / count);
    });
    const all = new Float64Array(count * d);
    this.sample.forEach((point, i) => all.set(points.subarray(point * d, (point + 1) * d), i * d));
    this.places = Array.from({ length: d }, (_, axis) => {
      const [low, high] = extent.slice(2 * axis, 2 * axis + 2);
      return Float32Array.from(this.sample, (_, i) => (all[i * d + axis] - low) / (high - low));
    });
    const x = new Float64Array(count);
    this.marks = {
      ...{ x, y: x, upwards: x, all: { points: all } },
      labels: labels && Int32Array.from(this.sample, (point) => labels[point]),
      binary: binary && Uint8Array.from(this.sample, (point) => binary[point]),
    };
  }

  /**
   * @param {[number, number]} pair
   * @param {string[]} columns
   */
  thumb(pair, columns) {
    const [i, j] = pair;
    const name = `${columns[i]} across, ${columns[j]} upwards`;
    const node = element("button", {
      type: "button",
      role: "radio",
      "aria-checked": "false",
      "aria-label": name,
      title: name,
      style: `grid-column:${i + 1};grid-row:${j}`,
      click: (event) => {
        // After a click by hand the keys are the stage's again.
        if (event.detail > 0) event.currentTarget.closest(".em-stage").focus({ preventScroll: true });
        this.choose(pair);
      },
    });
    return { pair, node };
  }

  /** Marks the pair that is shown, which is where Tab comes to. */
  mark() {
    const { run } = this.pane;
    for (const { pair, node } of this.thumbs) {
      const shown = pair.every((axis) => run.pair.includes(axis));
      node.setAttribute("aria-checked", String(shown));
      node.tabIndex = shown ? 0 : -1;
    }
    this.said.textContent = `${run.columns[1]} over ${run.columns[0]}. The numbers below are of these two; the fit stays as it is whichever you take.`;
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const step = ARROWS[event.key];
    const at = this.thumbs.find(({ node }) => node === document.activeElement);
    if (!step || !at) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.thumbs.find(({ pair }) => pair.every((axis, i) => axis === at.pair[i] + step[i]));
    if (!next) return;
    next.node.focus({ preventScroll: true });
    this.choose(next.pair);
  }

  /** As large as the card has room for. */
  measure() {
    const { whole } = this;
    if (!whole || this.node.hidden) return;
    const across = whole.columns.length - 1;
    const room = Math.floor((this.grid.clientWidth - GAP * (across - 1)) / across);
    const edge = Math.max(LEAST, Math.min(Math.round(MOST * this.pane.theme.letter), room));
    if (edge === this.edge) return;
    /** @type {number | undefined} */
    this.edge = edge;
    this.grid.style.setProperty("--em-thumb", `${edge}px`);
    this.paint();
  }

  /** Draws the points in the colours of the picture, and the components of now. */
  paint() {
    const { pane, marks, edge } = this;
    const { run } = pane;
    if (!run?.whole || !marks || !edge || this.node.hidden) return;
    const { model, view, theme, glyphed, index, override } = pane;
    const coloured = { run, model, view, theme, glyphed, pies: false, index, override, marks };
    const bytes = new Colouring(coloured).bytes(1);
    const mixture =
      /** @type {Mixture | null} */ (pane.shown()) ??
      (run.states ? mixtureAt(run, pictureAt(index).iteration) : null);
    const ratio = window.devicePixelRatio || 1;
    const across = run.dimensions - 1;
    const width = Math.round((across * (edge + GAP) - GAP) * ratio);
    const { canvas } = this;
    if (canvas.width !== width) canvas.width = canvas.height = width;
    canvas.style.width = canvas.style.height = `${width / ratio}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(width, width);
    const cells = this.thumbs.map(({ pair: [i, j] }) => ({
      pair: [i, j],
      left: Math.round(i * (edge + GAP) * ratio),
      top: Math.round((j - 1) * (edge + GAP) * ratio),
      side: Math.floor(edge * ratio),
    }));
    const pixels = new Uint32Array(image.data.buffer);
    const dot = Math.max(1, Math.round((edge < 40 ? 1 : DOT) * ratio));
    for (const cell of cells) this.dots(pixels, width, cell, bytes, dot);
    context.putImageData(image, 0, 0);
    if (mixture?.columns) for (const cell of cells) this.outlines(context, cell, mixture.columns, ratio);
  }

  /**
   * @param {Uint32Array} pixels of the whole triangle
   * @param {number} width of it
   * @param {Cell} cell
   * @param {Uint8Array} bytes (n x 3)
   * @param {number} dot
   */
  dots(pixels, width, { pair: [i, j], left, top, side }, bytes, dot) {
    const [red, green, blue] = parseColour(this.pane.theme.background);
    const ground = packed(red, green, blue);
    for (let row = top; row < top + side; row++)
      pixels.fill(ground, row * width + left, row * width + left + side);
    const inner = (1 - 2 * MARGIN) * side;
    const [across, upwards] = [this.places[i], this.places[j]];
    for (let p = 0; p < across.length; p++) {
      const x = Math.round(MARGIN * side + across[p] * inner - dot / 2);
      const y = Math.round(side - MARGIN * side - upwards[p] * inner - dot / 2);
      const colour = packed(bytes[3 * p], bytes[3 * p + 1], bytes[3 * p + 2]);
      const [from, to] = [left + Math.max(0, x), left + Math.min(side, x + dot)];
      for (let row = top + Math.max(0, y); row < top + Math.min(side, y + dot); row++)
        pixels.fill(colour, row * width + from, row * width + to);
    }
  }

  /**
   * One sigma of every component.
   * @param {CanvasRenderingContext2D} context
   * @param {Cell} cell
   * @param {Columns} columns
   * @param {number} ratio
   */
  outlines(context, { pair, left, top, side }, { dimensions: d, means, covariances }, ratio) {
    const { extent } = /** @type {Whole} */ (this.whole);
    const size = (d * (d + 1)) / 2;
    const inner = (1 - 2 * MARGIN) * side;
    const [perX, perY] = pair.map((axis) => inner / (extent[2 * axis + 1] - extent[2 * axis]));
    const [i, j] = pair;
    context.save();
    context.beginPath();
    context.rect(left, top, side, side);
    context.clip();
    context.lineWidth = 1.3 * ratio;
    for (let k = 0; k < means.length / d; k++) {
      const at = k * size;
      const xx = covariances[at + upperAt(d, i, i)] * perX * perX;
      const xy = -covariances[at + upperAt(d, i, j)] * perX * perY;
      const yy = covariances[at + upperAt(d, j, j)] * perY * perY;
      const long = 0.5 * (xx + yy) + Math.hypot(0.5 * (xx - yy), xy);
      const short = Math.max(xx * yy - xy * xy, 0) / long;
      const x = left + MARGIN * side + (means[k * d + i] - extent[2 * i]) * perX;
      const y = top + side - MARGIN * side - (means[k * d + j] - extent[2 * j]) * perY;
      context.strokeStyle = this.pane.theme.palette[k];
      context.beginPath();
      const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
      context.ellipse(x, y, Math.sqrt(long), Math.sqrt(short), angle, 0, 2 * Math.PI);
      context.stroke();
    }
    context.restore();
  }

  destroy() {
    this.sizes.disconnect();
  }
}
