// A stage: a clock over the pictures of one run or of two side by side, and everything that may be done to
// them. It knows points, states and options; where it lives is the host's business.

import { Outbox } from "../protocol/outbox.js";
import { plain } from "../protocol/plain.js";
import { readRuns } from "../protocol/runs.js";
import { onTheLine } from "../model/line.js";
import { countPictures, pictureAt } from "../model/timeline.js";
import { readTheme } from "../draw/theme.js";
import { Announcement } from "../controls/announcement.js";
import { EDITING } from "../controls/hand.js";
import { listen } from "../controls/keys.js";
import { Presentation } from "../controls/presentation.js";
import { Toolbar } from "../controls/toolbar.js";
import { Transport } from "../controls/transport.js";
import { Answering } from "./answering.js";
import { Drag } from "./drag.js";
import { HeldView } from "./held-view.js";
import { Pane } from "./pane.js";
import { Player } from "./player.js";
import { Places } from "./places.js";
import { PointEdits } from "./point-edits.js";
import { Reporter } from "./reporter.js";
import { Sizing } from "./sizing.js";

/** @typedef {import("./pane.js").Target} Target */

export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {PlotlyLibrary} Plotly
   * @param {Host} host
   * @param {Model[]} models one for each pane, the mixture's last
   * @param {HeldView} [earlier] the view of a stage before, which this one goes on with
   */
  constructor(root, Plotly, host, models, earlier) {
    this.root = root;
    this.host = host;
    this.readOnly = !host.send;
    this.held = new HeldView(earlier);
    /** The picture's number. */
    this.index = 0;
    this.tool = "look";
    /** Whether it stays at the picture where it is, whatever a hand does: what comes is another's to show. */
    this.isLocked = false;
    /** Whether the next run plays as soon as it comes. */
    this.playsNext = false;
    this.places = new Places();
    /** @type {Target} */
    this.asked = null;
    /** The run that was given last, as it came. */
    this.given = /** @type {EMRun} */ (/** @type {unknown} */ (undefined));
    this.theme = /** @type {Theme} */ ({});
    this.outbox = new Outbox(host);
    this.player = new Player({
      advance: () => this.advance(),
      again: () => {
        if (this.index > 0) this.goTo(0);
        return this.advance();
      },
      move: (share) => this.paint(share),
      changed: () => this.showControls(),
    });
    this.panes = models.map((model) => new Pane(Plotly, this, model));
    this.edits = new PointEdits(this);
    this.drag = new Drag(this);
    this.answering = new Answering(this);
    this.reporter = new Reporter(this);
    this.transport = new Transport(this);
    this.presentation = new Presentation(this);
    this.toolbar = new Toolbar(this);
    this.announcement = new Announcement((name) => this.tell({ type: "cure", name }));
  }

  /**
   * Fills the root, and begins to listen.
   * @param {(Node | string)[]} parts
   */
  open(...parts) {
    const { root } = this;
    root.className = "em-stage";
    root.tabIndex = 0;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "EM, step by step: right and left arrow keys step, space plays");
    root.replaceChildren(this.presentation.node, ...parts, this.announcement.spoken);
    this.deafen = listen(this);
    const nodes = this.panes.map(({ picture }) => picture.node);
    this.sizing = new Sizing(root, nodes, () => this.resize(), this.host.above);
  }

  // What a kind of stage says for itself

  /** Whether a hand may shape its components. */
  get shapes() {
    return false;
  }

  /** What the button that goes on should say. @returns {string} */
  get nextAction() {
    throw new Error("A kind of stage names its next action.");
  }

  /** Indices of the marks of a pane that stand out; null for none. @returns {number[] | null} */
  ringed() {
    return null;
  }

  /**
   * Says what is seen, `share` of the way to a picture.
   * @param {Phase} _phase
   * @param {number} _iteration
   * @param {number} _share
   */
  announce(_phase, _iteration, _share) {}

  /** Answers what was asked last. */
  answerNow() {}

  /**
   * Hands the person a file of what is seen.
   * @param {string} _format "png" or "svg"
   * @returns {unknown}
   */
  save(_format) {
    return undefined;
  }

  /** What a kind of stage does with a run that has just come. */
  taken() {
    this.asked = null;
  }

  // What comes from Python

  /** The mixture's run; none before the first message. */
  get run() {
    return this.panes[this.panes.length - 1].run;
  }

  get view() {
    return this.held.values;
  }

  get scale() {
    return this.held.scaleFor(this.run);
  }

  get glyphed() {
    return this.held.glyphedFor(this.run);
  }

  get pies() {
    return this.held.piesFor(this.run);
  }

  /** How many pictures there are until every run has ended. */
  get pictures() {
    return Math.max(...this.panes.map(({ run }) => countPictures(run.states)));
  }

  /**
   * A message from Python.
   * @param {Uint8Array} bytes
   */
  async receive(bytes) {
    await this.take(readRuns(bytes));
  }

  /**
   * A new run begins at its own picture, the same run goes on as it was.
   * @param {EMRun[]} given the mixture's last
   */
  async take(given) {
    this.given = given[given.length - 1];
    const runs = given.map((run) => (run.dimensions === 1 ? onTheLine(run) : run));
    // Without a run there is nothing beside it, and every pane shows the points alone.
    while (runs.length < this.panes.length) runs.unshift(runs[0]);
    const run = runs[runs.length - 1];
    this.outbox.acknowledge(run.acknowledged);
    this.readTheme(run);
    // The truth of other data is another secret.
    if (this.run && run.data_id !== this.run.data_id) Object.assign(this.view, { reveal: false, pair: [] });
    this.held.hear(run.view, run.choices);
    this.reporter.listened = run.listens && !this.readOnly;
    await (run.id === this.run?.id ? this.goOn(run) : this.begin(runs));
  }

  /**
   * Goes on with the run there is; Python may have said other things of it.
   * @param {EMRun} run
   */
  async goOn(run) {
    // A server that has started anew counts from nought, and nobody asked to begin again.
    const again = run.beginning > this.run.beginning;
    const { address, beginning, notice, file, controls, resumes } = run;
    Object.assign(this.run, { address, beginning, notice, file, controls });
    this.presentation.show();
    if (this.layPair()) await this.beginAll(false);
    // What a hand did may have been undone before a run came of it, and then no run has it.
    if (again) this.drag.release();
    this.edits.acknowledge(run.acknowledged);
    if (again && !resumes) this.goTo(run.half_step);
    this.reporter.saySeen();
    await this.retheme();
  }

  /** @param {EMRun[]} runs */
  async begin(runs) {
    const run = runs[runs.length - 1];
    this.readOnly = !this.offers({ type: "move_mean" }, run);
    /** @type {EMRun | undefined} */
    const before = this.run;
    const sameData = run.data_id === before?.data_id;
    const place = run.beginning === before?.beginning ? this.place : null;
    this.player.pause();
    this.panes.forEach((pane, i) => pane.take(runs[i]));
    this.edits.acknowledge(run.acknowledged);
    this.held.fit(run);
    this.layPair();
    this.presentation.show();
    // Its letters may be larger than those the theme was read with.
    this.readTheme(run);
    this.taken();
    if (before) this.places.leave(before, this.index);
    this.index = Math.min(Math.max(this.first, this.places.arrive(run, place)), this.pictures - 1);
    this.toolbar.offer(run);
    const cures = run.stop?.cures ?? [];
    this.announcement.offer(cures.filter(([name]) => this.offers({ type: "cure", name })));
    await this.beginAll(sameData);
    this.paint();
    if ((place?.playing || this.playsNext) && this.index < this.pictures - 1) this.player.play();
    this.playsNext = false;
    this.reporter.remember();
  }

  /** The picture that a run opens on at the earliest: who fits by hand wants to see whose the points are. */
  get first() {
    return this.tool === "shape" ? 1 : 0;
  }

  /** Where people are, to be kept under another run. */
  get place() {
    return this.places.of(this.run, this.index, this.pictures, this.player.playing);
  }

  /** @param {boolean} sameData */
  async beginAll(sameData) {
    await Promise.all(this.panes.map((pane) => pane.begin(sameData)));
  }

  /** @param {Run} run */
  readTheme({ palette, glyphs }) {
    this.theme = { ...readTheme(this.root, palette), glyphs };
    this.root.style.colorScheme = this.theme.dark ? "dark" : "light";
  }

  async retheme() {
    this.readTheme(this.run);
    for (const { colouring, sampled } of this.panes) {
      colouring.clear();
      sampled.clear();
    }
    await this.beginAll(true);
    this.paint();
  }

  async resize() {
    if (!this.run || this.gone) return;
    await Promise.all(this.panes.map((pane) => pane.resize()));
    this.paint();
  }

  // Going about

  /** @param {number} index */
  goTo(index) {
    if (this.isLocked) return;
    const wanted = Math.max(0, Math.min(index, this.pictures - 1));
    if (this.player.playing) this.player.pause();
    this.drag.release();
    this.index = wanted;
    this.paint();
    this.reporter.remember();
  }

  /**
   * Scrubbing asks for more pictures than can be drawn: only the newest of a frame is.
   * @param {number} index
   */
  scrubTo(index) {
    if (this.scrubbed === undefined) {
      requestAnimationFrame(() => {
        const newest = this.scrubbed ?? this.index;
        this.scrubbed = undefined;
        this.goTo(newest);
      });
    }
    /** @type {number | undefined} */
    this.scrubbed = index;
  }

  /** Goes to the next picture, if there is one. */
  advance() {
    if (this.isLocked || this.drag.moving || this.index >= this.pictures - 1) return false;
    this.index += 1;
    this.reporter.remember();
    return true;
  }

  /** @param {number} speed 1 to 4 */
  setSpeed(speed) {
    this.player.speed = speed;
    this.transport.show();
  }

  /** @param {Partial<View>} change */
  async setView(change) {
    const { scale } = this;
    const { colour, margins } = this.view;
    Object.assign(this.view, change);
    if (this.hilly && EDITING.includes(this.tool)) this.setTool("look");
    if (this.scale !== scale) await this.beginAll(false);
    // The names of the labels, or the margins, come above the picture, or go.
    else if ((colour === "truth") !== (this.view.colour === "truth") || margins !== this.view.margins)
      await this.beginAll(true);
    for (const { picture, colouring, sampled } of this.panes) {
      picture.forget();
      colouring.clear();
      sampled.clear();
    }
    this.paint();
    this.reporter.remember();
  }

  /** Lays the run into the plane of the pair that the view says; whether that is another one than before. */
  layPair() {
    return this.panes.map((pane) => pane.showPair(this.view.pair)).some(Boolean);
  }

  /**
   * Shows two other columns of the same run.
   * @param {number[]} pair
   */
  async showPair(pair) {
    const usual = this.run.whole?.pair;
    this.view.pair = String(usual) === String(pair) ? [] : pair;
    if (!this.layPair()) return;
    await this.beginAll(false);
    this.paint();
    this.reporter.remember();
  }

  toggleGlyphs() {
    this.setView({ glyphs: this.held.otherGlyphs(this.run) });
  }

  /** @param {string} tool */
  setTool(tool) {
    // A hand changes the data, so it must see them.
    if (tool !== "look" && this.view.drawn === "instead") this.setView({ drawn: "beside" });
    this.tool = tool;
    for (const { picture, hands } of this.panes) {
      hands?.setTool(tool);
      // What was drawn has room again.
      if (tool === "look" && !picture.viewport.touched) picture.viewport.fit();
    }
    this.toolbar.show();
    if (this.run?.states && this.index < this.first) this.goTo(this.first);
    else this.paint();
  }

  /** Plays on from what a hand has made, as soon as Python has begun there. */
  playFromHere() {
    this.setTool("look");
    this.playsNext = this.drag.moving;
    if (!this.playsNext) this.player.play();
  }

  /** @param {number} factor */
  zoom(factor) {
    for (const pane of this.panes) pane.zoom(factor);
  }

  fit() {
    for (const pane of this.panes) pane.fit();
  }

  /** Whether hills are seen, of which no hand can take points or means. */
  get hilly() {
    return this.panes.some(({ hilly }) => hilly);
  }

  /**
   * Goes round the hills, and up, by degrees; whether there are any.
   * @param {number} round
   * @param {number} up
   */
  turn(round, up) {
    for (const { scene, hilly } of this.panes) if (hilly) scene?.turn(round, up);
    return this.hilly;
  }

  /**
   * The other pictures follow the view of `leader`, each at its own pace.
   * @param {Pane} leader
   */
  link(leader) {
    const { x0, x1, y0, y1 } = leader.picture.frame;
    for (const pane of this.panes) if (pane !== leader) pane.picture.viewport.follow([x0, x1, y0, y1]);
  }

  // What is seen

  /** Draws the pictures as they are, or `share` of the way to them, and then what is said of them. */
  paint(share = 1) {
    if (!this.run || this.gone) return;
    for (const pane of this.panes) pane.draw(share, this.ringed());
    if (share === 1 || this.announced !== this.index) {
      this.announced = this.index;
      const { phase, iteration } = pictureAt(this.index);
      this.announce(phase, iteration, share);
      this.showControls();
    }
  }

  /** What people's tests, screen readers and scripts can follow. @param {Record<string, unknown>} data */
  publish(data) {
    Object.assign(this.root.dataset, data);
    this.root.classList.toggle("em-playing", this.player.playing);
    this.root.classList.toggle("em-glyphed", this.glyphed);
  }

  showControls() {
    this.transport.show();
    this.toolbar.show();
  }

  // What the hand does

  /**
   * Whether there is an answer to such an event about the run that is shown, or another.
   * @param {{ type: string, name?: string }} event
   * @param {EMRun} [run]
   */
  offers(event, run = this.run) {
    const { send, answers } = this.host;
    return Boolean(send) && !run.locked && (answers?.(event, run) ?? true);
  }

  /** Sends an event to Python; returns its number. @param {Record<string, unknown>} event */
  tell(event) {
    return this.outbox.send(event);
  }

  /**
   * Answers what a point or a component is made of; null closes the answer.
   * @param {Target} target
   * @param {Pane} [_pane] that was asked
   */
  ask(target, _pane) {
    this.asked = target;
    this.answerNow();
  }

  /**
   * `number` counts from 1, as people do; what is no point's number closes the answer.
   * @param {number} number
   */
  askPoint(number) {
    const known = Number.isInteger(number) && number >= 1 && number <= this.run.n;
    this.ask(known ? { point: number - 1 } : null);
  }

  /** The mixture to begin again from, as Python reads it. */
  plainMixture() {
    return plain(this.panes[this.panes.length - 1].shown());
  }

  /** Where EM should go on from after the points change: from here, once it has begun. */
  get goingOn() {
    return this.index > 0 ? this.plainMixture() : null;
  }

  destroy() {
    this.gone = true;
    this.player.pause();
    this.answering.stop();
    this.reporter.close();
    this.sizing?.stop();
    this.deafen?.();
    this.announcement.stop();
    this.outbox.close();
    this.presentation.destroy();
    for (const pane of this.panes) pane.destroy();
  }
}
