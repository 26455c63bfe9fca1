// The part of the data that a picture shows: chosen by a hand, followed from another picture, or the first view.

import { readFrame, toData } from "./axes.js";

/** Outlines a thousand times as wide as the picture take the browser seconds to draw. */
const MOST_MAGNIFIED = 500;
const LEAST_MAGNIFIED = 0.01;

/** The part of the view between its edge and a place that it has gone to. */
const BRIM = 0.15;

export class Viewport {
  /**
   * `home` gives the view until a hand chooses another; `changed` is told of a new view and whether a hand
   * chose it; `moved` is called under a zoom by two fingers or the wheel,
   * and once a place has been reached.
   * @param {PlotlyLibrary} Plotly
   * @param {PlotElement} plot
   * @param {{ home: () => Four, changed: (byHand: boolean) => void, moved: () => void }} owner
   */
  constructor(Plotly, plot, { home, changed, moved }) {
    this.Plotly = Plotly;
    this.plot = plot;
    this.home = home;
    this.changed = changed;
    this.moved = moved;
    /** Whether a hand has chosen the view. @type {boolean} */
    this.touched = false;
    /** The view that was asked for last: equal scale may show more. @type {Four | null} */
    this.wanted = null;
    /** @type {Four | undefined} */
    this.following = undefined;
    this.going = false;
    this.width = 1;
    /** Where the axes lie, as they were last read. @type {Frame} */
    this.frame = { left: 0, top: 0, width: 1, height: 1, x0: 0, x1: 1, y0: 0, y1: 1 };
  }

  /**
   * Takes up data of an extent; a view that a hand chose, or any while a hand draws, is kept if the data are
   * the same.
   * @param {Four} extent
   * @param {boolean} sameData
   * @param {boolean} drawing
   */
  begin(extent, sameData, drawing) {
    this.width = extent[1] - extent[0];
    if (!sameData || !this.wanted) this.touched = false;
    const kept = this.touched || (drawing && sameData) ? this.wanted : null;
    const home = this.home();
    // The densities of another run have another height.
    this.wanted = kept && this.fixed ? [kept[0], kept[1], home[2], home[3]] : (kept ?? home);
  }

  /** Whether a hand moves the view across alone. */
  get fixed() {
    return Boolean(this.plot._fullLayout?.yaxis.fixedrange);
  }

  /** Reads where the axes lie. */
  read() {
    this.frame = readFrame(this.plot);
  }

  /**
   * How many times the data's extent is wider than a view.
   * @param {number} x0
   * @param {number} x1
   */
  magnificationOf(x0, x1) {
    return this.width / (x1 - x0);
  }

  /**
   * @param {number} x0
   * @param {number} x1
   */
  allows(x0, x1) {
    const magnification = this.magnificationOf(x0, x1);
    return magnification <= MOST_MAGNIFIED && magnification >= LEAST_MAGNIFIED;
  }

  /**
   * After a relayout: the view people chose is the one to keep, since equal scale widens it, and must not widen
   * it again and again.
   * @param {Record<string, unknown>} change
   */
  settle(change) {
    // Moving the ellipses is a relayout too, and no change of view.
    if (!Object.keys(change).some((name) => name.includes("axis"))) return;
    const { x0, x1, y0, y1 } = readFrame(this.plot);
    if (!this.allows(x0, x1)) {
      if (this.wanted) this.go(this.wanted);
      return;
    }
    const byHand = !this.going;
    if (byHand) {
      this.wanted = [x0, x1, y0, y1];
      this.touched = true;
    }
    this.changed(byHand);
  }

  /**
   * Goes to a view, as far as pictures can be magnified.
   * @param {Four} wanted
   */
  async go(wanted) {
    const [x0, x1, y0, y1] = wanted;
    if (!this.allows(x0, x1)) return;
    this.wanted = wanted;
    this.going = true;
    await this.Plotly.relayout(this.plot, { "xaxis.range": [x0, x1], "yaxis.range": [y0, y1] });
    this.going = false;
  }

  fit() {
    this.touched = false;
    return this.go(this.home());
  }

  /**
   * Makes the view `factor` times as wide about its middle.
   * @param {number} factor
   */
  zoom(factor) {
    const { x0, x1, y0, y1 } = this.frame;
    /** @type {(low: number, high: number) => [number, number]} */
    const around = (low, high) => {
      const [middle, half] = [(low + high) / 2, (factor * (high - low)) / 2];
      return [middle - half, middle + half];
    };
    this.touched = true;
    // Densities have their own height, however wide the line is seen.
    /** @type {[number, number]} */
    const upwards = this.fixed ? [y0, y1] : around(y0, y1);
    return this.go([...around(x0, x1), ...upwards]);
  }

  /**
   * Goes as far as it must for a place to be in sight.
   * @param {number} x
   * @param {number} y
   */
  async reach(x, y) {
    const { x0, x1, y0, y1 } = readFrame(this.plot);
    /** @type {(low: number, high: number, at: number) => number} */
    const beyond = (low, high, at) => {
      const brim = BRIM * (high - low);
      return at < low ? at - low - brim : at > high ? at - high + brim : 0;
    };
    const [dx, dy] = [beyond(x0, x1, x), this.fixed ? 0 : beyond(y0, y1, y)];
    if (!dx && !dy) return;
    this.touched = true;
    await this.go([x0 + dx, x1 + dx, y0 + dy, y1 + dy]);
    this.moved();
  }

  /**
   * Makes the view `factor` times as wide, so that the data at the place `from` lies under `to`, in client pixels.
   * @param {number} factor
   * @param {{ x: number, y: number }} from
   * @param {{ x: number, y: number }} to
   */
  async zoomAbout(factor, from, to) {
    const { plot, frame } = this;
    const box = plot.getBoundingClientRect();
    const [x0, x1, y0, y1] = this.following ?? [frame.x0, frame.x1, frame.y0, frame.y1];
    const now = { ...frame, x0, x1, y0, y1 };
    /** @type {(place: { x: number, y: number }) => [number, number]} */
    const place = ({ x, y }) => [x - box.left - frame.left, y - box.top - frame.top];
    const [x, y] = toData(now, ...place(from));
    const [px, py] = place(to);
    const width = factor * (x1 - x0);
    const height = factor * (y1 - y0);
    const left = x - (px / frame.width) * width;
    const top = y + (py / frame.height) * height;
    /** @type {[number, number]} */
    const upwards = this.fixed ? [y0, y1] : [top - height, top];
    await this.follow([left, left + width, ...upwards]);
    this.moved();
  }

  /**
   * Shows the same as another picture, as it moves: of several views asked for while one is drawn, the last.
   * @param {Four} wanted
   */
  async follow(wanted) {
    this.touched = true;
    const busy = this.following !== undefined;
    this.following = wanted;
    if (busy) return;
    let shown;
    while (shown !== this.following) {
      shown = this.following;
      await this.go(shown);
    }
    this.following = undefined;
  }
}
