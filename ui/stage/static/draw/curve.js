// A run's curve, one value a picture, and the cursor that tells where we are.

import { countPictures } from "../model/timeline.js";
import { readFrame, toPixels } from "./axes.js";
import { element } from "./dom.js";
import { drawFigure } from "./figure.js";
import { rangeWithin, ticksFor, whole } from "./staircase.js";

/** Iterations on either side of the cursor while the curve shows what is around it. */
const AROUND = 3;

/** The fewest iterations across that people can zoom in to. */
const FEWEST = 1.5;

export class Curve {
  /**
   * @param {PlotlyLibrary} Plotly
   * @param {(index: number) => void} goTo
   */
  constructor(Plotly, goTo) {
    this.Plotly = Plotly;
    /** @type {PlotElement} */
    this.plot = element("div", { class: "em-curve-plot" });
    this.line = element("div", { class: "em-curve-line" });
    this.dot = element("div", { class: "em-curve-dot" });
    this.zoomer = element(
      "button",
      {
        type: "button",
        class: "em-curve-zoom",
        "aria-pressed": "false",
        title: "Magnify the curve where you are, and follow",
        click: (event) => this.toggle(event),
      },
      "Around here",
    );
    this.node = element(
      "div",
      { class: "em-curve", click: (event) => this.pick(event, goTo), dblclick: () => this.show(null) },
      this.plot,
      element("div", { class: "em-curve-cursor" }, this.line, this.dot),
      this.zoomer,
    );
    this.index = 0;
    /** Iterations in view; null for all. @type {[number, number] | null} */
    this.window = null;
    this.following = false;
    this.listen();
  }

  /** A wheel scrolls the page, unless a key is held or the curve has been clicked. */
  listen() {
    const { node } = this;
    node.addEventListener("pointerdown", () => (this.clicked = true));
    node.addEventListener("pointerleave", () => (this.clicked = false));
    node.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    node.addEventListener("touchstart", (event) => this.pinch(event), { passive: false });
    node.addEventListener("touchmove", (event) => this.pinch(event), { passive: false });
  }

  /**
   * Draws a run's figure, or nothing for null; the cursor comes with `mark`.
   * @param {Run} run
   * @param {Figure | null} figure
   * @param {Theme} theme
   */
  async draw(run, figure, theme) {
    if (run !== this.run) Object.assign(this, { window: null, following: false });
    /** @type {Run | undefined} */
    this.run = run;
    this.figure = run.states ? figure : null;
    this.node.hidden = !this.figure;
    if (!this.figure) return;
    await drawFigure(this.Plotly, this.plot, this.fitted(this.figure), theme);
    this.say();
  }

  get pictures() {
    return this.run?.values.length ?? 0;
  }

  /** Whether there is something on which a cursor could stand. */
  get drawn() {
    return Boolean(this.figure && this.plot._fullLayout);
  }

  /**
   * The figure with its axes about what is in view.
   * @param {Figure} figure
   * @returns {Figure}
   */
  fitted({ data, layout }) {
    const across = this.window ?? whole(this.pictures);
    const [main, below] = [data.filter(({ yaxis }) => !yaxis), data.filter(({ yaxis }) => yaxis)];
    const fitted = {
      ...layout,
      xaxis: { ...layout.xaxis, range: across, dtick: ticksFor(across) },
      yaxis: { ...layout.yaxis, range: rangeWithin(main, across) },
    };
    if (layout.yaxis2) fitted.yaxis2 = { ...layout.yaxis2, range: [0, rangeWithin(below, across)[1]] };
    return { data, layout: fitted };
  }

  /**
   * Shows the iterations of a window; all of them for null.
   * @param {[number, number] | null} window
   * @param {boolean} [following]
   */
  async show(window, following = false) {
    if (!this.figure || !this.drawn) return;
    this.window = window && this.within(window);
    this.following = following;
    const { xaxis, yaxis, yaxis2 } = this.fitted(this.figure).layout;
    const ranges = { "xaxis.range": xaxis.range, "xaxis.dtick": xaxis.dtick, "yaxis.range": yaxis.range };
    await this.Plotly.relayout(this.plot, yaxis2 ? { ...ranges, "yaxis2.range": yaxis2.range } : ranges);
    this.say();
    this.place();
  }

  /**
   * The window moved to where there are iterations; null if it holds all of them.
   * @param {[number, number]} window
   * @returns {[number, number] | null}
   */
  within(window) {
    const [first, last] = whole(this.pictures);
    const width = Math.max(FEWEST, window[1] - window[0]);
    if (width >= last - first) return null;
    const start = Math.max(first, Math.min(window[0], last - width));
    return [start, start + width];
  }

  say() {
    this.zoomer.setAttribute("aria-pressed", String(Boolean(this.window)));
    this.zoomer.textContent = this.window ? "Whole run" : "Around here";
    this.node.dataset.window = this.window ? this.window.map((end) => end.toFixed(2)).join(" ") : "";
  }

  /** @returns {[number, number]} */
  get aroundHere() {
    return [this.index / 2 - AROUND, this.index / 2 + AROUND];
  }

  /** @param {Event} event */
  toggle(event) {
    event.stopPropagation();
    this.show(this.window ? null : this.aroundHere, true);
  }

  /**
   * Magnifies by `factor` about the place `x` on the screen.
   * @param {number} factor
   * @param {number} x
   */
  zoom(factor, x) {
    const [x0, x1] = this.window ?? whole(this.pictures);
    const about = this.iterationAt(x);
    this.show([about - (about - x0) * factor, about + (x1 - about) * factor]);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!this.clicked && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(0.002 * event.deltaY * (event.deltaMode ? 16 : 1)), event.clientX);
  }

  /** @param {TouchEvent} event */
  pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    if (event.type === "touchmove" && this.apart) {
      this.zoom(this.apart / Math.max(apart, 1), (a.clientX + b.clientX) / 2);
    }
    this.apart = apart;
  }

  /**
   * Moves the cursor to a picture.
   * @param {number} index
   */
  mark(index) {
    this.index = index;
    if (!this.drawn) return;
    const at = index / 2;
    const leaving = this.window && (at < this.window[0] + 0.5 || at > this.window[1] - 0.5);
    if (this.following && leaving) this.show(this.aroundHere, true);
    this.place();
  }

  place() {
    if (!this.run) return;
    const frame = readFrame(this.plot);
    const [px, py] = toPixels(frame, this.index / 2, this.run.values[this.index]);
    const inside = px >= -1 && px <= frame.width + 1;
    this.line.hidden = !inside;
    this.dot.hidden = !inside || py < -1 || py > frame.height + 1;
    const { height } = this.plot._fullLayout._size;
    this.line.style.cssText = `left:${frame.left + px}px;top:${frame.top}px;height:${height}px`;
    this.dot.style.cssText = `left:${frame.left + px}px;top:${frame.top + py}px`;
  }

  resize() {
    return this.drawn ? this.Plotly.Plots.resize(this.plot) : null;
  }

  /**
   * The iteration at a place `x` on the screen.
   * @param {number} x
   */
  iterationAt(x) {
    const frame = readFrame(this.plot);
    const share = (x - this.plot.getBoundingClientRect().left - frame.left) / frame.width;
    return frame.x0 + share * (frame.x1 - frame.x0);
  }

  /**
   * @param {MouseEvent} event
   * @param {(index: number) => void} goTo
   */
  pick(event, goTo) {
    const index = Math.floor(2 * this.iterationAt(event.clientX) + 1e-9);
    goTo(Math.min(countPictures(this.run?.states ?? 0) - 1, Math.max(0, index)));
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
