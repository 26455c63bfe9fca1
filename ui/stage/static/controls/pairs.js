// All pairs of more than two columns as small pictures: whoever takes one has it in the large one.

import { mixtureAt } from "../model/mixture.js";
import { upperAt } from "../protocol/pairs.js";
import { pictureAt } from "../model/timeline.js";
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

export class Pairs {
  /**
   * @param {import("../stages/pane.js").Pane} pane
   * @param {(pair: number[]) => void} choose
   */
  constructor(pane, choose) {
    this.pane = pane;
    this.choose = choose;
    /** @type {{ pair: [number, number], node: HTMLButtonElement, canvas: HTMLCanvasElement }[]} */
    this.thumbs = [];
    this.grid = element("div", {
      class: "em-pairs",
      role: "radiogroup",
      "aria-label": "The two columns that are shown",
      keydown: (event) => this.walk(event),
    });
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
    this.grid.replaceChildren(...this.thumbs.map(({ node }) => node));
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
    const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { "aria-hidden": "true" }));
    const name = `${columns[i]} across, ${columns[j]} upwards`;
    const node = element(
      "button",
      {
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
      },
      canvas,
    );
    return { pair, node, canvas };
  }

  /** Marks the pair that is shown, which is where Tab comes to. */
  mark() {
    const { run } = this.pane;
    for (const { pair, node } of this.thumbs) {
      const shown = pair.every((axis) => run.pair.includes(axis));
      node.setAttribute("aria-checked", String(shown));
      node.tabIndex = shown ? 0 : -1;
    }
    this.said.textContent = `${run.columns[1]} over ${run.columns[0]}. Click a pair to see it; the fit stays as it is.`;
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
    const coloured = { run, model, view, theme, glyphed, index, override, marks };
    const bytes = new Colouring(coloured).bytes(1);
    const mixture =
      /** @type {Mixture | null} */ (pane.shown()) ??
      (run.states ? mixtureAt(run, pictureAt(index).iteration) : null);
    for (const { pair, canvas } of this.thumbs) this.paintOne(canvas, pair, bytes, mixture, edge);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {[number, number]} pair
   * @param {Uint8Array} bytes (n x 3)
   * @param {Mixture | null} mixture
   * @param {number} edge
   */
  paintOne(canvas, [i, j], bytes, mixture, edge) {
    const ratio = window.devicePixelRatio || 1;
    const side = Math.round(edge * ratio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    const dot = Math.max(1, Math.round((edge < 40 ? 1 : DOT) * ratio));
    const inner = (1 - 2 * MARGIN) * side;
    const [across, upwards] = [this.places[i], this.places[j]];
    for (let p = 0; p < across.length; p++) {
      const left = Math.round(MARGIN * side + across[p] * inner - dot / 2);
      const top = Math.round(side - MARGIN * side - upwards[p] * inner - dot / 2);
      const colour = (255 << 24) | (bytes[3 * p + 2] << 16) | (bytes[3 * p + 1] << 8) | bytes[3 * p];
      for (let row = Math.max(0, top); row < Math.min(side, top + dot); row++)
        pixels.fill(colour, row * side + Math.max(0, left), row * side + Math.min(side, left + dot));
    }
    context.putImageData(image, 0, 0);
    if (mixture?.columns) this.outline(context, [i, j], mixture.columns, side, ratio);
  }

  /**
   * One sigma of every component.
   * @param {CanvasRenderingContext2D} context
   * @param {[number, number]} pair
   * @param {Columns} columns
   * @param {number} side
   * @param {number} ratio
   */
  outline(context, pair, { dimensions: d, means, covariances }, side, ratio) {
    const { extent } = /** @type {Whole} */ (this.whole);
    const size = (d * (d + 1)) / 2;
    const inner = (1 - 2 * MARGIN) * side;
    const [perX, perY] = pair.map((axis) => inner / (extent[2 * axis + 1] - extent[2 * axis]));
    const [i, j] = pair;
    context.lineWidth = 1.3 * ratio;
    for (let k = 0; k < means.length / d; k++) {
      const at = k * size;
      const xx = covariances[at + upperAt(d, i, i)] * perX * perX;
      const xy = -covariances[at + upperAt(d, i, j)] * perX * perY;
      const yy = covariances[at + upperAt(d, j, j)] * perY * perY;
      const long = 0.5 * (xx + yy) + Math.hypot(0.5 * (xx - yy), xy);
      const short = Math.max(xx * yy - xy * xy, 0) / long;
      const x = MARGIN * side + (means[k * d + i] - extent[2 * i]) * perX;
      const y = side - MARGIN * side - (means[k * d + j] - extent[2 * j]) * perY;
      context.strokeStyle = this.pane.theme.palette[k];
      context.beginPath();
      const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
      context.ellipse(x, y, Math.sqrt(long), Math.sqrt(short), angle, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  destroy() {
    this.sizes.disconnect();
  }
}
