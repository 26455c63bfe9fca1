// One run in one picture: what is seen of it at the stage's moment, and the hands on it.

import { inThePlane, pairOf } from "../protocol/pairs.js";
import { peaksOf } from "../model/landscape.js";
import { countPictures, pictureAt } from "../model/timeline.js";
import { describeHills, describeMargins } from "../words/description.js";
import { SampleOfModel, sampleNote } from "../draw/sampled.js";
import { Colouring } from "../draw/colouring.js";
import { Curve } from "../draw/curve.js";
import { Picture } from "../draw/picture.js";
import { saveScene } from "../draw/saving.js";
import { Scene } from "../draw/scene.js";
import { Hands } from "../controls/hands.js";
import { handle, orbit } from "../controls/orbit.js";
import { Pace } from "../controls/pace.js";
import { Grip } from "./grip.js";

/** Milliseconds between two descriptions of what is seen. */
const DESCRIBED = 250;

const PIES = "Every point is a pie with a sector for each of its shares.";

/** @typedef {{ point?: number, component?: number } | null} Target what is asked about */

export class Pane {
  /**
   * @param {PlotlyLibrary} Plotly
   * @param {import("./stage.js").Stage} stage
   * @param {Model} model knows how the run's algorithm shares out points and what its shapes are
   */
  constructor(Plotly, stage, model) {
    this.stage = stage;
    this.model = model;
    this.run = /** @type {EMRun} */ (/** @type {unknown} */ (undefined));
    /** The components while a hand moves or shapes one of them. @type {any} */
    this.override = null;
    this.grip = new Grip(this);
    this.colouring = new Colouring(this);
    this.sampled = new SampleOfModel(this);
    this.picture = new Picture(Plotly, this);
    this.describing = new Pace(DESCRIBED);
    this.curve = new Curve(Plotly, (index) => stage.goTo(index));
    /** @type {Hands | null} */
    this.hands = null;
    /** What else lies on the picture, and follows its view. @type {{ place: (frame: Frame) => void }[]} */
    this.overlays = [];
    /** Takes a click on the picture, where something is to be put there. @type {((x: number, y: number) => void) | null} */
    this.takesClick = null;
    /** Hills in the place of the picture, once they have been asked for. @type {Scene | null} */
    this.scene = null;
  }

  /** @param {EMRun} run */
  take(run) {
    this.run = run;
    this.override = null;
    this.colouring.clear();
  }

  /**
   * The same run as another pair of its columns shows it; whether that is another one than before.
   * @param {number[]} asked
   */
  showPair(asked) {
    const { run } = this;
    const pair = pairOf(run, asked);
    if (!run.whole || String(pair) === String(run.pair)) return false;
    this.override = null;
    this.run = inThePlane(run, pair);
    return true;
  }

  /**
   * Another run of the same points, in the same view.
   * @param {EMRun} run
   */
  swap(run) {
    this.take(run);
    this.picture.run = run;
    this.picture.forget();
  }

  /** @param {boolean} sameData */
  async begin(sameData) {
    const { run, theme, stage } = this;
    await this.picture.begin(run, theme, stage.scale, sameData);
    // Plotly has to have drawn before a hand can reach it.
    this.hands ??= new Hands(this);
    this.hands.begin(run, theme);
    await this.curve.draw(run, run.states ? this.model.figure(run) : null, theme);
  }

  get theme() {
    return this.stage.theme;
  }

  get readOnly() {
    return this.stage.readOnly;
  }

  get tool() {
    return this.stage.tool;
  }

  get view() {
    return this.stage.view;
  }

  get glyphed() {
    return this.stage.glyphed;
  }

  get pies() {
    return this.stage.pies;
  }

  /** Whether points drawn from the model are seen, and how. */
  get sample() {
    // Under hills lie the data.
    const offered = this.model.hasDensity && this.run?.states && !this.hilly;
    return offered ? this.view.drawn : "off";
  }

  /** What must be said of them. */
  get sampleNote() {
    return sampleNote(this.sample, this.sampled.n, this.run);
  }

  get edits() {
    return this.stage.edits;
  }

  get pendingPoints() {
    return this.stage.edits.pending;
  }

  /** Their colours at once, as the shown components share them out; grey before the first E-step. */
  get pendingBytes() {
    const places = this.pendingPoints.map(({ place }) => place);
    const [x, y] = [0, 1].map((axis) => Float64Array.from(places, (place) => place[axis] ?? 0));
    return this.colouring.bytesOf({ x, y }, this.shown());
  }

  get marks() {
    return this.picture.marks;
  }

  /** The picture's number: a run that has ended stays at its last one. */
  get index() {
    return Math.min(this.stage.index, countPictures(this.run.states) - 1);
  }

  /** What lies behind the points. */
  get background() {
    if (!this.model.hasDensity) return "nothing";
    if (this.run.dimensions > 1) return this.view.behind;
    return this.view.behind === "histogram" ? "histogram" : "curves";
  }

  /** Whether hills are seen in the place of the picture. */
  get hilly() {
    return this.background === "hills" && this.run.states > 0;
  }

  /** The components of the picture, `share` of the way from the one before; null without a run. */
  shown(share = 1) {
    if (this.override) return this.override;
    if (!this.run.states) return null;
    const { model, run, index } = this;
    const now = model.at(run, index, this.view);
    if (share === 1 || pictureAt(index).phase !== "M" || index < this.stage.index) return now;
    return model.between(model.at(run, index - 1, this.view), now, share);
  }

  /**
   * Draws the picture as it is, or `share` of the way to it; the points `ringed` stand out.
   * @param {number} share
   * @param {number[] | null} ringed
   */
  draw(share, ringed) {
    const { phase, iteration } = pictureAt(this.index);
    const before =
      phase === "M" && !this.override ? this.model.at(this.run, this.index - 1, this.view) : null;
    const components = this.shown(share);
    this.picture.node.classList.toggle("em-hilly", this.hilly);
    if (this.hilly) this.drawHills({ components, before, t: iteration, share });
    else this.drawFlat({ components, before, t: iteration, share, ringed });
    this.curve.mark(this.index);
    this.describing.ask(() => this.describe());
  }

  /** @param {{ components: any, before: any, t: number, share: number, ringed: number[] | null }} moment */
  drawFlat({ components, before, t, share, ringed }) {
    this.picture.draw({
      components,
      bytes: this.colouring.bytes(this.index < this.stage.index ? 1 : share),
      kinds: this.colouring.kinds(),
      lost: this.colouring.lost(),
      pies: this.colouring.pies(this.index < this.stage.index ? 1 : share),
      ringed,
      sample: this.sampled.of(components),
      before,
      t,
    });
    if (components) this.hands?.place(this.picture.frame, components);
    for (const overlay of this.overlays) overlay.place(this.picture.frame);
  }

  /** @param {import("../draw/scene.js").Moment} moment */
  drawHills(moment) {
    if (!this.scene) orbit((this.scene = new Scene(this)));
    this.scene.draw(moment);
  }

  // Where the picture goes

  /**
   * Two fingers, or the wheel.
   * @param {number} factor
   * @param {{ x: number, y: number }} from client pixels
   * @param {{ x: number, y: number }} to
   */
  gesture(factor, from, to) {
    if (this.scene && this.hilly) handle(this.scene, factor, from, to);
    else this.picture.viewport.zoomAbout(factor, from, to);
  }

  /** @param {number} factor */
  zoom(factor) {
    if (this.scene && this.hilly) this.scene.zoom(factor);
    else this.picture.viewport.zoom(factor);
  }

  fit() {
    if (this.scene && this.hilly) this.scene.fit();
    else this.picture.viewport.fit();
  }

  /**
   * Hands the person a file of what is seen.
   * @param {string} format "png" or "svg"
   * @param {string} caption
   * @param {string} name
   */
  save(format, caption, name) {
    const { scene, picture, theme } = this;
    if (!scene || !this.hilly) return picture.save(format, caption, name);
    const words = [caption, scene.note.textContent].filter(Boolean).join(" · ");
    return saveScene(picture.Plotly, scene.picture(), theme, format, words, name);
  }

  /** Says in words what is seen. */
  describe() {
    const { run, picture, model, colouring } = this;
    const { phase, iteration } = pictureAt(this.index);
    const { spans, marks } = picture;
    const components = this.shown();
    const seen = components
      ? model.describe({
          run,
          phase,
          iteration,
          components,
          shares: colouring.responsibilities,
          spans,
          marks,
        })
      : `${run.n.toLocaleString("en")} points.`;
    picture.seen.textContent = [seen, ...this.looks(components)].join(" ");
  }

  /**
   * What else is seen than ellipses and coloured points, a sentence each.
   * @param {any} components
   */
  looks(components) {
    if (this.hilly) return components ? [describeHills(components, peaksOf(components))] : [];
    return [
      ...(this.picture.beside ? [describeMargins(this.run)] : []),
      ...(this.colouring.pies(1) ? [PIES] : []),
      ...this.sampleNote,
    ];
  }

  paint() {
    this.stage.paint();
  }

  moved() {
    this.stage.link(this);
    this.stage.paint();
  }

  /** The picture has other marks than before. */
  remarked() {
    this.colouring.clear();
  }

  // The hands on the picture

  /** @param {number | null} point under the pointer */
  hover(point) {
    const shown = this.shown();
    // At the start no point belongs to anything yet.
    const known = point !== null && shown && this.colouring.strongest();
    const shares = known ? this.model.shares(this.placeOf(point), shown) : null;
    this.picture.hover(point, shares);
  }

  /**
   * One of the points by itself.
   * @param {number} point
   * @returns {Places}
   */
  placeOf(point) {
    const { x, y, binary } = this.run;
    const points = this.numbersOf(point);
    return {
      ...{ x: [x[point]], y: [y[point]], binary: binary && [binary[point]] },
      all: points && { points },
    };
  }

  /**
   * The numbers of a point in all of more than two columns; null of fewer.
   * @param {number} point
   */
  numbersOf(point) {
    const { whole, dimensions: d } = this.run;
    return whole ? whole.points.subarray(point * d, (point + 1) * d) : null;
  }

  /** @param {Target} target */
  ask(target) {
    this.stage.ask(target, this);
  }

  /**
   * @param {number} k
   * @param {number} x
   * @param {number} y
   */
  dragMean(k, x, y) {
    if (!this.run.states || !Number.isFinite(x + y)) return;
    this.grip.hold(k);
    // Within the view: a mean let go outside could not be found again.
    const { x0, x1, y0, y1 } = this.picture.frame;
    this.stage.drag.move(this, k, Math.min(x1, Math.max(x0, x)), Math.min(y1, Math.max(y0, y)));
  }

  /**
   * The picture's components as they are, with mean k elsewhere.
   * @param {number} k
   * @param {number} x
   * @param {number} y
   */
  displace(k, x, y) {
    // Anew each time: what was worked out for the same object is kept.
    this.override = this.model.between(this.shown(), this.shown(), 0);
    this.override.means.set([x, this.override.line ? 0 : y], 2 * k);
    /** @type {Columns | undefined} */
    const columns = this.override.columns;
    // The other columns stay what they are.
    columns?.pair.forEach((axis, i) => (columns.means[k * columns.dimensions + axis] = i ? y : x));
  }

  drop() {
    this.stage.drag.drop();
  }

  cancelDrag() {
    this.stage.drag.cancel();
  }

  async resize() {
    await Promise.all([this.picture.resize(), this.curve.resize()]);
  }

  destroy() {
    this.describing.stop();
    this.picture.destroy();
    this.scene?.destroy();
    this.curve.destroy();
  }
}
