// Buttons that stand on the means, on a line on the ends of the widths, and on the ends of the axes of the ellipse that a
// hand holds: to be seen, dragged, or moved with the arrow keys.

import { UNSEEN, presence } from "../model/mixture.js";
import { readFrame, toData, toPixels } from "../draw/axes.js";
import { element } from "../draw/dom.js";
import { glyphSign } from "../draw/glyphs.js";

/** @typedef {import("../stages/pane.js").Pane} Pane */

/** Means nearer than this, in pixels, hide each other's buttons, which then stand so far apart. */
const HIDING = 8;
const APART = 18;

/** The part of the view that an arrow key moves a mean by, and with Shift. */
const STEP = 0.01;
const LARGE_STEP = 0.05;

/** @type {Record<string, [across: number, upwards: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * What a kind of handle stands on, and what moving it does.
 * @typedef {object} Held
 * @property {string} name
 * @property {string} class
 * @property {boolean} numbered whether it carries its component's number
 * @property {(components: any, k: number, pane: Pane) => [x: number, y: number]} at
 * @property {(pane: Pane, k: number, x: number, y: number) => void} drag
 * @property {(pane: Pane, k: number) => boolean} [there] whether component k has one; each has if left out
 */

/** @type {Held} */
export const MEAN = {
  name: "Mean",
  class: "em-handle",
  numbered: true,
  at: ({ means }, k, { run: { lanes } }) => [means[2 * k], lanes ? lanes[k] : means[2 * k + 1]],
  drag: (pane, k, x, y) => pane.dragMean(k, x, y),
};

/** On a line: where one sigma ends. @type {Held} */
export const WIDTH = {
  name: "Width",
  class: "em-handle em-width",
  numbered: false,
  at: ({ means, covariances }, k, { run: { lanes } }) => [
    means[2 * k] + Math.sqrt(covariances[3 * k]),
    lanes ? lanes[k] : 0,
  ],
  drag: (pane, k, x) => pane.grip.widen(k, x),
};

/**
 * Where an axis of the ellipse in hand ends.
 * @param {number} which 0 or 1
 * @param {string} name
 * @returns {Held}
 */
const axis = (which, name) => ({
  name: `${name} axis of component`,
  class: "em-handle em-axis",
  numbered: false,
  at: (components, _k, { grip }) => grip.end(components, which),
  drag: ({ grip }, _k, x, y) => grip.drag(which, x, y),
  there: ({ grip, tool }, k) => tool === "shape" && k === grip.k && which < grip.freeAxes,
});

export const AXES = [axis(0, "First"), axis(1, "Second")];

export class Handles {
  /**
   * @param {Pane} pane
   * @param {Held} held
   */
  constructor(pane, held) {
    this.pane = pane;
    this.held = held;
    this.plot = pane.picture.plot;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** Whether they only show where things are. */
    this.readOnly = false;
    this.node = element("div", { class: "em-handles" });
    /** Ends a drag. @type {(() => void) | null} */
    this.loosen = null;
  }

  /**
   * @param {string[]} colours
   * @param {Glyph[]} glyphs
   */
  build(colours, glyphs) {
    // The same buttons keep the focus: a mean moved by keys can be moved on.
    const { readOnly } = this.pane;
    if (colours.length === this.buttons.length && readOnly === this.readOnly) return;
    this.readOnly = readOnly;
    this.buttons = colours.map((colour, k) =>
      element(
        "button",
        {
          class: this.held.class,
          type: "button",
          style: `--em-colour:${colour}`,
          disabled: readOnly,
          "aria-label": `${this.held.name} ${k + 1}${readOnly ? "" : ": drag, or move with the arrow keys and press Enter"}`,
          pointerdown: (event) => this.grab(event, k),
          keydown: (event) => this.nudge(event, k),
          focus: () => this.seek(k),
          blur: () => this.pane.drop(),
        },
        ...(this.held.numbered ? [String(k + 1), glyphSign(glyphs[k])] : []),
      ),
    );
    this.node.replaceChildren(...this.buttons);
  }

  /**
   * Puts every button on its place; that of a component which is not seen goes.
   * @param {Frame} frame
   * @param {Components} components
   */
  place(frame, components) {
    this.node.style.cssText = `left:${frame.left}px;top:${frame.top}px;width:${frame.width}px;height:${frame.height}px`;
    this.buttons.forEach((button, k) => {
      button.hidden = !this.stands(components, k);
      if (button.hidden) return;
      const [x, py] = toPixels(frame, ...this.placeOf(components, k));
      const px = x + this.aside(frame, components, k);
      button.style.transform = `translate(${px}px,${py}px) translate(-50%,-50%)`;
    });
  }

  /**
   * Whether there is a button for component k.
   * @param {Components} components
   * @param {number} k
   */
  stands(components, k) {
    const { there } = this.held;
    return presence(components, k) >= UNSEEN && (!there || there(this.pane, k));
  }

  /**
   * @param {Components} components
   * @param {number} k
   */
  placeOf(components, k) {
    return this.held.at(components, k, this.pane);
  }

  /**
   * Brings button k into sight.
   * @param {number} k
   */
  seek(k) {
    const { pane } = this;
    const components = pane.shown();
    if (components) pane.picture.viewport.reach(...this.placeOf(components, k));
  }

  /**
   * Pixels to the right of its mean that button k stands, so that none hides another: one that is being moved
   * stays on its place.
   * @param {Frame} frame
   * @param {Components} components
   * @param {number} k
   */
  aside(frame, components, k) {
    if (!this.held.numbered || this.buttons[k] === document.activeElement) return 0;
    const [x, y] = toPixels(frame, ...this.placeOf(components, k));
    const hidden = this.buttons.filter((_, j) => {
      const [ox, oy] = toPixels(frame, ...this.placeOf(components, j));
      return j < k && Math.hypot(ox - x, oy - y) < HIDING;
    });
    return APART * hidden.length;
  }

  /** Puts back what one finger was dragging: a second one has come. */
  letGo() {
    this.loosen?.();
    this.pane.cancelDrag();
  }

  /**
   * @param {PointerEvent} event
   * @param {number} k
   */
  grab(event, k) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    event.stopPropagation();
    const button = this.buttons[k];
    button.setPointerCapture(event.pointerId);
    button.focus({ preventScroll: true });
    /** @type {[number, number] | null} */
    let wanted = null;
    const draw = () => {
      if (wanted && this.loosen) this.held.drag(this.pane, k, ...wanted);
      wanted = null;
    };
    const move = (/** @type {PointerEvent} */ later) => {
      const frame = readFrame(this.plot);
      const box = this.plot.getBoundingClientRect();
      // One drawing a frame, of the newest place.
      if (!wanted) requestAnimationFrame(draw);
      wanted = toData(frame, later.clientX - box.left - frame.left, later.clientY - box.top - frame.top);
    };
    const up = (/** @type {PointerEvent} */ { type }) => {
      draw();
      this.loosen?.();
      if (!this.pane.override && type === "pointerup") this.pane.ask({ component: k });
      this.pane.drop();
    };
    this.loosen = () => {
      button.removeEventListener("pointermove", move);
      button.removeEventListener("pointerup", up);
      button.removeEventListener("pointercancel", up);
      this.loosen = null;
    };
    button.addEventListener("pointermove", move);
    button.addEventListener("pointerup", up);
    button.addEventListener("pointercancel", up);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} k
   */
  nudge(event, k) {
    const { pane } = this;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const { x0, x1, y0, y1 } = readFrame(this.plot);
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const [x, y] = this.placeOf(pane.shown(), k);
      this.held.drag(pane, k, x + arrow[0] * step * (x1 - x0), y + arrow[1] * step * (y1 - y0));
    } else if (event.key === "Enter") {
      if (pane.override) pane.drop();
      else pane.ask({ component: k });
    } else if (event.key === "Escape" && pane.override) pane.cancelDrag();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
