// The component that a hand holds: the ends of its axes, and what moving one of them does to it.

import { axesOf, withAxes, withWidth } from "../model/by-hand.js";

/** @typedef {import("../model/by-hand.js").Axes} Axes */

/** A width that a hand makes is no less than this share of the data's. */
const NARROWEST = 1e-3;

export class Grip {
  /** @param {import("./pane.js").Pane} pane */
  constructor(pane) {
    this.pane = pane;
    this.k = 0;
    /** Of the axis that is the first, so that it stays so when the other becomes longer. @type {number | undefined} */
    this.angle = undefined;
  }

  /**
   * Takes hold of component k.
   * @param {number} k
   */
  hold(k) {
    if (k === this.k) return;
    this.k = k;
    this.angle = undefined;
  }

  get letters() {
    return this.pane.run.letters;
  }

  /**
   * How many axes can be set by themselves: in the plane two, a circle's one; none of a projection, since what two
   * columns allow the others may not.
   */
  get freeAxes() {
    if (this.pane.run.dimensions !== 2) return 0;
    return this.letters[1] === "I" ? 1 : 2;
  }

  /** Whether its axes turn. */
  get turns() {
    return this.freeAxes === 2 && this.letters[2] !== "I";
  }

  /**
   * @param {Shapes} shapes
   * @returns {Axes}
   */
  axes(shapes) {
    const axes = axesOf(shapes, this.k, this.turns ? this.angle : 0);
    this.angle = axes.angle;
    return axes;
  }

  /**
   * Where axis `which` ends, 0 or 1, on the ellipse of one sigma.
   * @param {Shapes} shapes
   * @param {number} which
   * @returns {[x: number, y: number]}
   */
  end(shapes, which) {
    const { angle, along, across } = this.axes(shapes);
    const reach = which ? across : along;
    const direction = angle + (which * Math.PI) / 2;
    return [
      shapes.means[2 * this.k] + reach * Math.cos(direction),
      shapes.means[2 * this.k + 1] + reach * Math.sin(direction),
    ];
  }

  /**
   * Axis `which` ends at (x, y) now; the other stands upright on it, as long as it was.
   * @param {number} which
   * @param {number} x
   * @param {number} y
   */
  drag(which, x, y) {
    const { pane, k, turns } = this;
    const shown = pane.shown();
    const before = this.axes(shown);
    const [dx, dy] = [x - shown.means[2 * k], y - shown.means[2 * k + 1]];
    const upright = (which * Math.PI) / 2;
    const angle = turns ? Math.atan2(dy, dx) - upright : before.angle;
    const direction = angle + upright;
    const length = Math.abs(dx * Math.cos(direction) + dy * Math.sin(direction));
    const after = { ...before, angle, [which ? "across" : "along"]: Math.max(length, this.least) };
    this.angle = angle;
    pane.stage.drag.reshape(pane, () => withAxes(shown, k, before, after, this.letters));
  }

  /**
   * On a line: component k's one sigma ends at `x`.
   * @param {number} k
   * @param {number} x
   */
  widen(k, x) {
    const { pane, letters } = this;
    const shown = pane.shown();
    const width = Math.max(Math.abs(x - shown.means[2 * k]), this.least);
    pane.stage.drag.reshape(pane, () => withWidth(shown, k, width, letters));
  }

  /** The least half-axis: what is narrower a hand could not take hold of again. */
  get least() {
    return NARROWEST * Math.min(...this.pane.picture.spans);
  }
}
