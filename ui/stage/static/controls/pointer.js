// Hands on the picture: asking, adding and removing points, and dragging means.

import { element } from "../draw/dom.js";
import { readFrame, toData, toPixels } from "../draw/axes.js";
import { glyphSign } from "../draw/glyphs.js";

/** How near, in CSS pixels, a click must come to a point that it asks for or removes. */
const NEAR = 22;

/** Pixels between points while sweeping, and how far they scatter about the pointer. */
const SWEEP = 9;
const SCATTER = 14;

/** Means nearer than this, in pixels, hide each other's buttons, which then stand so far apart. */
const HIDING = 8;
const APART = 18;

export const TOOLS = { look: "Look", add: "Add points", remove: "Remove points" };

/** Listens on the plot; `stage` is told what the hand did, in data units. */
export class Hand {
  constructor(plot, stage) {
    Object.assign(this, { plot, stage, tool: "look", down: null });
    // Before Plotly, which would pan.
    plot.addEventListener("pointerdown", (event) => this.press(event), { capture: true });
    plot.addEventListener("mousedown", (event) => this.tool !== "look" && event.stopPropagation(), {
      capture: true,
    });
    // Fingers are none of Plotly's business: it would keep one from scrolling the page.
    plot.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true });
    plot.addEventListener("pointermove", (event) => this.hover(event));
    plot.addEventListener("pointerleave", () => stage.hover(null));
  }

  /** Pixels from the corner of the plot area. */
  place(event) {
    const frame = readFrame(this.plot);
    const box = this.plot.getBoundingClientRect();
    return { frame, px: event.clientX - box.left - frame.left, py: event.clientY - box.top - frame.top };
  }

  inside({ frame, px, py }) {
    return px >= 0 && py >= 0 && px <= frame.width && py <= frame.height;
  }

  press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const place = this.place(event);
    if (!this.inside(place)) return;
    this.down = { x: event.clientX, y: event.clientY, at: place };
    if (this.tool === "add") {
      event.stopPropagation();
      this.stage.addLocally([toData(place.frame, place.px, place.py)]);
    } else if (this.tool === "look" && event.pointerType !== "touch") this.stage.picture.hold(true);
    const move = (later) => this.sweep(later);
    const up = (later) => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      this.release(later);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  /** Forgets what one finger began: a second one has come. */
  letGo() {
    this.down = null;
    if (this.tool === "add") this.stage.forgetUnsent();
  }

  sweep(event) {
    if (this.tool !== "add" || !this.down) return;
    const place = this.place(event);
    const [lastX, lastY] = [this.down.at.px, this.down.at.py];
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
    this.stage.addLocally(points);
  }

  release(event) {
    const still = this.down && Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) < 5;
    this.down = null;
    // After Plotly's own end of the pan.
    setTimeout(() => this.stage.picture.hold(false));
    if (this.tool === "add") this.stage.sendAdded();
    else if (still && event.type === "pointerup") {
      const found = this.nearest(this.place(event));
      if (this.tool === "remove") this.stage.removePoint(found);
      else this.stage.ask(found === null ? null : { point: found });
    }
  }

  hover(event) {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const place = this.place(event);
    this.stage.hover(this.inside(place) ? this.nearest(place) : null);
  }

  /** The index of the nearest point within reach, or null. */
  nearest({ frame, px, py }) {
    const { x, y, n } = this.stage.run;
    const [wx, wy] = toData(frame, px, py);
    const perX = frame.width / (frame.x1 - frame.x0);
    const perY = frame.height / (frame.y1 - frame.y0);
    let best = null;
    let least = NEAR * NEAR;
    for (let i = 0; i < n; i++) {
      const distance = ((x[i] - wx) * perX) ** 2 + ((y[i] - wy) * perY) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }
}

/** Buttons that stand on the means: to be seen, dragged, or moved with the arrow keys. */
export class Handles {
  constructor(plot, stage) {
    Object.assign(this, { plot, stage, buttons: [] });
    this.node = element("div", { class: "em-handles" });
  }

  build(colours, glyphs) {
    // The same buttons keep the focus: a mean moved by keys can be moved on.
    if (colours.length === this.buttons.length) return;
    this.buttons = colours.map((colour, k) =>
      element(
        "button",
        {
          class: "em-handle",
          type: "button",
          style: `--em-colour:${colour}`,
          disabled: this.stage.readOnly,
          "aria-label": `Mean ${k + 1}${this.stage.readOnly ? "" : ": drag, or move with the arrow keys and press Enter"}`,
          pointerdown: (event) => this.grab(event, k),
          keydown: (event) => this.nudge(event, k),
          blur: () => this.stage.dropMean(),
        },
        String(k + 1),
        glyphSign(glyphs[k]),
      ),
    );
    this.node.replaceChildren(...this.buttons);
  }

  /** Puts every button on its mean. */
  place(frame, means) {
    this.node.style.cssText = `left:${frame.left}px;top:${frame.top}px;width:${frame.width}px;height:${frame.height}px`;
    this.buttons.forEach((button, k) => {
      const [x, py] = toPixels(frame, means[2 * k], means[2 * k + 1]);
      const px = x + this.aside(frame, means, k);
      button.style.transform = `translate(${px}px,${py}px) translate(-50%,-50%)`;
    });
  }

  /** Pixels to the right of its mean that button k stands, so that none hides another: one that is being moved
   * stays on its place. */
  aside(frame, means, k) {
    if (this.buttons[k] === document.activeElement) return 0;
    const [x, y] = toPixels(frame, means[2 * k], means[2 * k + 1]);
    const hidden = (_, j) => {
      const [ox, oy] = toPixels(frame, means[2 * j], means[2 * j + 1]);
      return j < k && Math.hypot(ox - x, oy - y) < HIDING;
    };
    return APART * this.buttons.filter(hidden).length;
  }

  /** Puts a mean back that one finger was dragging: a second one has come. */
  letGo() {
    this.loosen?.();
    this.stage.cancelDrag();
  }

  grab(event, k) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    event.stopPropagation();
    const button = this.buttons[k];
    button.setPointerCapture(event.pointerId);
    button.focus({ preventScroll: true });
    let wanted = null;
    const draw = () => {
      if (wanted && this.loosen) this.stage.dragMean(k, ...wanted);
      wanted = null;
    };
    const move = (later) => {
      const frame = readFrame(this.plot);
      const box = this.plot.getBoundingClientRect();
      // One drawing a frame, of the newest place.
      if (!wanted) requestAnimationFrame(draw);
      wanted = toData(frame, later.clientX - box.left - frame.left, later.clientY - box.top - frame.top);
    };
    const up = ({ type }) => {
      draw();
      this.loosen();
      if (!this.stage.override && type === "pointerup") this.stage.ask({ component: k });
      this.stage.dropMean();
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

  nudge(event, k) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step) {
      const frame = readFrame(this.plot);
      const reach = event.shiftKey ? 0.05 : 0.01;
      const [x, y] = this.stage.meanOf(k);
      this.stage.dragMean(
        k,
        x + step[0] * reach * (frame.x1 - frame.x0),
        y + step[1] * reach * (frame.y1 - frame.y0),
      );
    } else if (event.key === "Enter")
      this.stage.override ? this.stage.dropMean() : this.stage.ask({ component: k });
    else if (event.key === "Escape") this.stage.cancelDrag();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
