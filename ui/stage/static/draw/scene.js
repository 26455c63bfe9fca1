// Hills in the place of the picture: what is seen of a mixture's density from a camera that a hand turns.

import { heightFor } from "../model/landscape.js";
import { UNSEEN, presence } from "../model/mixture.js";
import { density } from "../words/format.js";
import { Camera, project, projectionOf } from "./camera.js";
import { Colouring } from "./colouring.js";
import { element } from "./dom.js";
import { axesOf, onFloor } from "./hill-words.js";
import { FINE_LINES, aboveFloor, hillsOf, paintHills } from "./hills.js";
import { degreesOf } from "./points-layer.js";
import { Raster } from "./raster.js";

/** Points on the floor; more of them would be a sheet of their own. */
const MOST_POINTS = 3000;

/** Milliseconds after which what stands still is drawn finer. */
const STILL = 160;

/** Letters and signs, in CSS pixels. */
const LETTER = 12;
const BADGE = 11;

/** Pixels to a CSS pixel in a file for paper. */
const FINE = 3;

/** @typedef {{ components: Mixture, before: any, t: number, share: number }} Moment */

export class Scene {
  /** @param {import("../stages/pane.js").Pane} pane */
  constructor(pane) {
    this.pane = pane;
    this.camera = new Camera();
    this.canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { "aria-hidden": "true" }));
    this.note = element("div", { class: "em-picture-note" });
    this.node = element("div", { class: "em-scene" }, this.canvas, this.note);
    const sheet = () => new Raster(/** @type {HTMLCanvasElement} */ (element("canvas")));
    this.below = sheet();
    this.above = sheet();
    /** @type {any} */
    this.seen = null;
    pane.picture.node.append(this.node);
  }

  /**
   * Draws hills of the moment.
   * @param {Moment} moment
   */
  draw({ components, before, t, share }) {
    const { pane } = this;
    const { run, theme, view, picture } = pane;
    const extent = picture.home;
    const equal = pane.stage.scale === "equal";
    const top = heightFor(run);
    const one = view.colour === "component" ? view.one : null;
    const what = { mixture: components, extent, equal, top, one, theme };
    const hills = hillsOf(what);
    const options = { level: view.level, trails: view.trails, truth: view.colour === "truth", dashed: true };
    const { size, frame } = picture;
    const shapes = pane.model.shapes({ run, components, t, before, options, theme, size, frame });
    this.seen = { what, hills, extent, components, shapes, points: this.points(share) };
    this.say();
    this.show();
  }

  /** The points on the floor, and how they are coloured: a sample of many. @param {number} share */
  points(share) {
    const { run, theme } = this.pane;
    const stride = Math.ceil(run.n / MOST_POINTS);
    const taken = Array.from({ length: Math.ceil(run.n / stride) }, (_, i) => i * stride);
    const marks = {
      x: Float64Array.from(taken, (i) => run.x[i]),
      y: Float64Array.from(taken, (i) => run.y[i]),
      labels: run.labels && Int32Array.from(taken, (i) => /** @type {Int32Array} */ (run.labels)[i]),
      binary: run.binary && Uint8Array.from(taken, (i) => /** @type {Uint8Array} */ (run.binary)[i]),
    };
    const colouring = new Colouring(Object.create(this.pane, { marks: { value: marks } }));
    const [kinds, lost] = [colouring.kinds(), colouring.lost()];
    return {
      ...marks,
      bytes: colouring.bytes(share),
      signs: { kinds, glyphs: theme.glyphs, crossed: lost && degreesOf(lost), filled: marks.binary },
      radius: this.pane.picture.points.radius({ kinds }) * (stride > 1 ? 1.3 : 1),
    };
  }

  /** Notes that keep the picture honest. */
  say() {
    const { run } = this.pane;
    const { hills, points } = this.seen;
    const notes = [];
    const highest = Math.max(...hills.peaks);
    if (highest > hills.top) {
      notes.push(`Hills are cut at density ${density(hills.top)}; the highest reaches ${density(highest)}.`);
    }
    const [drawn, all] = [points.x.length, run.n].map((n) => n.toLocaleString("en"));
    if (points.x.length < run.n) notes.push(`${drawn} of ${all} points are on the floor; EM uses all.`);
    this.note.textContent = notes.join(" ");
    Object.assign(this.node.dataset, { top: hills.top, highest });
  }

  /** Draws at once what a hand or a step has changed, and finer when it has come to rest. */
  show() {
    cancelAnimationFrame(this.frame ?? 0);
    clearTimeout(this.resting);
    const ratio = window.devicePixelRatio || 1;
    this.paint(this.canvas, ratio, 1);
    if (ratio < 2) this.resting = setTimeout(() => this.paint(this.canvas, ratio, 2), STILL);
    const { azimuth, elevation, nearness } = this.camera;
    Object.assign(this.node.dataset, { azimuth, elevation, nearness });
  }

  /** The camera has moved: of many moves within a frame, the last is drawn. */
  moved() {
    if (!this.seen) return;
    cancelAnimationFrame(this.frame ?? 0);
    /** @type {number | undefined} */
    this.frame = requestAnimationFrame(() => this.show());
  }

  /**
   * @param {number} round degrees
   * @param {number} up degrees
   */
  turn(round, up) {
    this.camera.turn(round, up);
    this.moved();
  }

  /** @param {number} factor how many times as wide a part is seen */
  zoom(factor) {
    this.camera.zoom(factor);
    this.moved();
  }

  fit() {
    this.camera.home();
    this.moved();
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} ratio its pixels to a CSS pixel
   * @param {number} finer how many times finer than that points and hills are computed
   */
  paint(canvas, ratio, finer) {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (!width || !height || !this.seen) return;
    const { hills } = this.seen;
    const projection = projectionOf(this.camera, hills, { width, height: height - 2 * LETTER });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const axes = this.axes(projection);
    const room = { width, height, ratio: ratio * finer };
    this.paintFloor(context, axes);
    context.drawImage(this.paintPoints(room, projection), 0, 0, width, height);
    this.paintOutlines(context, axes, projection);
    context.drawImage(this.paintHills(room, projection), 0, 0, width, height);
    this.paintWords(context, axes);
    this.paintBadges(context, projection);
  }

  /** @param {Projection} projection */
  axes(projection) {
    const { hills, extent } = this.seen;
    return axesOf(hills, extent, this.pane.run.columns, projection, LETTER * this.pane.picture.size);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ReturnType<typeof axesOf>} axes
   */
  paintFloor(context, { edge, grid }) {
    const outline = new Path2D(`M${edge.join("L")}Z`);
    context.strokeStyle = this.pane.theme.grid;
    context.lineWidth = 1;
    context.stroke(new Path2D(grid.map((line) => `M${line.join("L")}`).join("")));
    // Twice, to be stronger than the lines within.
    context.stroke(outline);
    context.stroke(outline);
  }

  /**
   * Ellipses and trails, over the points on the floor.
   * @param {CanvasRenderingContext2D} context
   * @param {ReturnType<typeof axesOf>} axes
   * @param {Projection} projection
   */
  paintOutlines(context, { edge }, projection) {
    const { hills, shapes } = this.seen;
    const { picture } = this.pane;
    context.save();
    context.clip(new Path2D(`M${edge.join("L")}Z`));
    for (const { path, line, opacity } of shapes) {
      context.globalAlpha = opacity;
      context.strokeStyle = line.color;
      context.lineWidth = line.width;
      const [long, short] = [5 * picture.size, 4 * picture.size];
      context.setLineDash(
        line.dash === "dash" ? [long, short] : line.dash === "dot" ? [short / 2, short] : [],
      );
      context.stroke(new Path2D(onFloor(path, hills, projection)));
    }
    context.restore();
  }

  /**
   * @param {{ width: number, height: number, ratio: number }} room
   * @param {Projection} projection
   */
  paintPoints({ width, height, ratio }, projection) {
    const { below: raster } = this;
    const { hills, points } = this.seen;
    const { right, down, middle } = projection;
    raster.begin(width, height, ratio);
    const n = points.x.length;
    const pixels = { px: new Float32Array(n), py: new Float32Array(n) };
    for (let i = 0; i < n; i++) {
      const [u, v] = hills.toBox(points.x[i], points.y[i]);
      pixels.px[i] = middle[0] + right[0] * u + right[1] * v;
      pixels.py[i] = middle[1] + down[0] * u + down[1] * v;
    }
    const style = { radius: 0.85 * points.radius, opacity: 0.85 };
    raster.signs(pixels, points.bytes, points.signs, style);
    raster.show();
    return raster.canvas;
  }

  /**
   * @param {{ width: number, height: number, ratio: number }} room
   * @param {Projection} projection
   */
  paintHills({ width, height, ratio }, projection) {
    const { above: raster } = this;
    raster.begin(width, height, ratio);
    const sheet = { words: raster.words, width: raster.image.width, height: raster.image.height };
    paintHills(sheet, this.seen.hills, projection, ratio, raster.pad);
    raster.show();
    return raster.canvas;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ReturnType<typeof axesOf>} axes
   */
  paintWords(context, { texts, scale, heights }) {
    const { theme, picture } = this.pane;
    const letter = LETTER * picture.size;
    context.strokeStyle = theme.text;
    context.globalAlpha = 0.55;
    context.stroke(new Path2D(scale.map((line) => `M${line.join("L")}`).join("")));
    context.globalAlpha = 1;
    context.fillStyle = theme.text;
    context.textBaseline = "middle";
    context.textAlign = "center";
    const { clientWidth: width } = this.node;
    for (const { at, text, title } of texts) {
      context.font = `${(title ? 1.08 : 1) * letter}px ${theme.font}`;
      // A title goes on away from the ticks, as long as there is room.
      const half = context.measureText(text).width / 2;
      const middle = title ? at[0] + (at[0] < width / 2 ? -half : half) : at[0];
      context.fillText(text, Math.max(half + 4, Math.min(width - half - 4, middle)), at[1]);
    }
    context.textAlign = "right";
    context.font = `${letter}px ${theme.font}`;
    for (const { at, text } of heights) context.fillText(text, ...at);
  }

  /**
   * The number of every component, on the hill above its mean.
   * @param {CanvasRenderingContext2D} context
   * @param {Projection} projection
   */
  paintBadges(context, projection) {
    const { hills, components } = this.seen;
    const { theme, picture } = this.pane;
    const radius = BADGE * picture.size;
    context.textAlign = "center";
    context.font = `700 ${1.1 * radius}px ${theme.font}`;
    Array.from(components.weights, (_, k) => k).forEach((k) => {
      if (presence(components, k) < UNSEEN) return;
      const [u, v] = hills.toBox(components.means[2 * k], components.means[2 * k + 1]);
      const [px, py] = project(projection, u, v, aboveFloor(hills.peaks[k], hills.top));
      context.globalAlpha = presence(components, k);
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fillStyle = theme.palette[k];
      context.strokeStyle = "#fff";
      context.lineWidth = 2;
      context.fill();
      context.stroke();
      context.fillStyle = "#fff";
      context.fillText(String(k + 1), px, py + 0.5);
    });
    context.globalAlpha = 1;
  }

  /** A picture for a file, without its caption. @returns {{ url: string, width: number, height: number }} */
  picture() {
    const canvas = /** @type {HTMLCanvasElement} */ (element("canvas"));
    const { seen } = this;
    this.seen = { ...seen, hills: hillsOf({ ...seen.what, lines: FINE_LINES }) };
    this.paint(canvas, FINE, 2);
    this.seen = seen;
    const { clientWidth: width, clientHeight: height } = this.node;
    return { url: canvas.toDataURL("image/png"), width, height };
  }

  destroy() {
    cancelAnimationFrame(this.frame ?? 0);
    clearTimeout(this.resting);
  }
}
