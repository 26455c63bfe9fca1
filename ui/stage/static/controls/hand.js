// The pointer on the picture: asking for points, adding and removing them.

import { readFrame, toData } from "../draw/axes.js";

/** @typedef {import("../stages/pane.js").Pane} Pane */
/** @typedef {{ frame: Frame, px: number, py: number }} Place pixels from the corner of the plot area */

/** How near, in CSS pixels, a click must come to a point that it asks for or removes. */
const CLICK_REACH = 22;

/** Pixels that a pointer may move during a click. */
const STILL = 5;

/** Pixels between points while sweeping, and how far they scatter about the pointer. */
const SWEEP = 9;
const SCATTER = 14;

/** How far sprayed points scatter about the place, as one standard deviation, of the view's width and height. */
const SPRAY = 0.03;

/** The word on the button, and what the tool does. @type {Record<string, [word: string, title: string]>} */
export const TOOLS = {
  look: ["Look", "Look"],
  shape: ["By hand", "Fit by hand"],
  add: ["Add", "Add points"],
  remove: ["Remove", "Remove points"],
};

/** Those that change points. */
export const EDITING = ["add", "remove"];

/** Listens on the plot of a pane's picture. */
export class Hand {
  /** @param {Pane} pane */
  constructor(pane) {
    const { plot } = pane.picture;
    this.pane = pane;
    this.plot = plot;
    this.tool = "look";
    /** Where the pointer went down, and where it swept last. @type {{ x: number, y: number, at: Place } | null} */
    this.down = null;
    // Before Plotly, which would pan.
    plot.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.press(event), {
      capture: true,
    });
    const keep = (/** @type {Event} */ event) => this.edits && event.stopPropagation();
    plot.addEventListener("mousedown", keep, { capture: true });
    // Fingers are none of Plotly's business: it would keep one from scrolling the page.
    plot.addEventListener("touchstart", (/** @type {Event} */ event) => event.stopPropagation(), {
      capture: true,
    });
    plot.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.hover(event));
    plot.addEventListener("pointerleave", () => pane.hover(null));
  }

  /** Whether it changes points. */
  get edits() {
    return EDITING.includes(this.tool);
  }

  /**
   * @param {{ clientX: number, clientY: number }} event
   * @returns {Place}
   */
  place({ clientX, clientY }) {
    const frame = readFrame(this.plot);
    const box = this.plot.getBoundingClientRect();
    return { frame, px: clientX - box.left - frame.left, py: clientY - box.top - frame.top };
  }

  /** @param {Place} place */
  inside({ frame, px, py }) {
    return px >= 0 && py >= 0 && px <= frame.width && py <= frame.height;
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const place = this.place(event);
    if (!this.inside(place)) return;
    this.down = { x: event.clientX, y: event.clientY, at: place };
    if (this.tool === "add") {
      event.stopPropagation();
      this.pane.edits.add(this.sprayed(place));
    } else if (!this.edits && event.pointerType !== "touch") this.pane.picture.hold(true);
    const move = (/** @type {PointerEvent} */ later) => this.sweep(later);
    const up = (/** @type {PointerEvent} */ later) => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      this.release(later);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  /**
   * Points about a place, as many as are wanted; one alone lies on it.
   * @param {Place} place
   */
  sprayed({ frame, px, py }) {
    const { spray } = this.pane.edits;
    const deviation = spray > 1 ? SPRAY * Math.sqrt(frame.width * frame.height) : 0;
    return Array.from({ length: spray }, () => {
      const [u, v] = normals();
      const inside = (/** @type {number} */ at, /** @type {number} */ most) =>
        Math.min(most, Math.max(0, at));
      const [x, y] = [inside(px + deviation * u, frame.width), inside(py + deviation * v, frame.height)];
      return toData(frame, x, y);
    });
  }

  /** Forgets what one finger began: a second one has come. */
  letGo() {
    this.down = null;
    if (this.tool === "add") this.pane.edits.forgetUnsent();
  }

  /** @param {PointerEvent} event */
  sweep(event) {
    if (this.tool !== "add" || !this.down) return;
    const place = this.place(event);
    const { px: lastX, py: lastY } = this.down.at;
    const steps = Math.floor(Math.hypot(place.px - lastX, place.py - lastY) / SWEEP);
    if (!steps) return;
    const points = [];
    for (let step = 1; step <= steps; step++) {
      const angle = 2 * Math.PI * Math.random();
      const reach = SCATTER * Math.sqrt(Math.random());
      const px = lastX + ((place.px - lastX) * step) / steps + reach * Math.cos(angle);
      const py = lastY + ((place.py - lastY) * step) / steps + reach * Math.sin(angle);
      if (this.inside({ frame: place.frame, px, py })) points.push(toData(place.frame, px, py));
    }
    this.down.at = place;
    this.pane.edits.add(points);
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { down, pane } = this;
    const still = down && Math.hypot(event.clientX - down.x, event.clientY - down.y) < STILL;
    this.down = null;
    // After Plotly's own end of the pan.
    setTimeout(() => pane.picture.hold(false));
    if (this.tool === "add") pane.edits.send();
    else if (still && event.type === "pointerup") {
      const place = this.place(event);
      const found = this.nearest(place);
      if (pane.takesClick) pane.takesClick(...toData(place.frame, place.px, place.py));
      else if (this.tool === "remove") pane.edits.remove(found);
      else pane.ask(found === null ? null : { point: found });
    }
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const place = this.place(event);
    this.pane.hover(this.inside(place) ? this.nearest(place) : null);
  }

  /**
   * The index of the nearest point within reach, or null.
   * @param {Place} place
   */
  nearest({ frame, px, py }) {
    // What is not seen cannot be meant.
    if (this.pane.sample === "instead") return null;
    const { x, n, heights } = this.pane.run;
    const y = heights ?? this.pane.run.y;
    const [wx, wy] = toData(frame, px, py);
    const perX = frame.width / (frame.x1 - frame.x0);
    const perY = frame.height / (frame.y1 - frame.y0);
    let best = null;
    let least = CLICK_REACH * CLICK_REACH;
    for (let i = 0; i < n; i++) {
      const distance = ((x[i] - wx) * perX) ** 2 + ((y[i] - wy) * perY) ** 2;
      if (distance < least) {
        best = i;
        least = distance;
      }
    }
    return best;
  }
}

/** Two standard normal numbers (Box & Muller, 1958). */
function normals() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  const angle = 2 * Math.PI * Math.random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
