// A flag on the picture, where people think that something will be: put down by a click or a tap, dragged, or moved with
// the arrow keys. Beside it, once it is known, the place where it was.

import { readFrame, toData, toPixels } from "../../draw/axes.js";
import { drawing, element } from "../../draw/dom.js";

/** The part of the view that an arrow key moves it by, and with Shift. */
const STEP = 0.01;
const LARGE_STEP = 0.05;

/** @type {Record<string, [across: number, upwards: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const PENNANT = "M5 1h14l-4 5 4 5H7v12H5z";

export class Flag {
  /**
   * @param {import("../../stages/pane.js").Pane} pane
   * @param {boolean} onALine whether it moves across alone
   * @param {(place: number[]) => void} moved
   */
  constructor(pane, onALine, moved) {
    this.pane = pane;
    this.onALine = onALine;
    this.moved = moved;
    this.plot = pane.picture.plot;
    /** Where it stands, and where it should have; null for nowhere. @type {number[] | null} */
    this.at = null;
    /** @type {number[] | null} */
    this.truth = null;
    this.button = element(
      "button",
      {
        type: "button",
        class: "em-flag",
        hidden: true,
        pointerdown: (event) => this.grab(event),
        keydown: (event) => this.nudge(event),
        focus: () => this.at && pane.picture.viewport.reach(this.at[0], this.at[1] ?? 0),
      },
      drawing("em-flag-sign", "0 0 24 24", PENNANT),
    );
    this.label = element("span");
    this.actual = element("div", { class: "em-flag-truth", hidden: true }, this.label);
    /** On a line both reach from the bottom to the top. */
    this.poles = [element("div", { class: "em-pole" }), element("div", { class: "em-pole em-pole-truth" })];
    this.node = element("div", { class: "em-handles em-flags" }, ...this.poles, this.actual, this.button);
    pane.picture.node.append(this.node);
    pane.overlays.push(this);
    pane.takesClick = (x, y) => this.put(x, y);
  }

  /**
   * Where it may be put is in sight, since it could not be found again elsewhere.
   * @param {number} x
   * @param {number} y
   */
  put(x, y) {
    const { x0, x1, y0, y1 } = readFrame(this.plot);
    const across = Math.min(x1, Math.max(x0, x));
    this.stand(this.onALine ? [across] : [across, Math.min(y1, Math.max(y0, y))]);
    if (this.at) this.moved(this.at);
  }

  /**
   * Stands there from now on, without telling anybody.
   * @param {number[] | null} place
   */
  stand(place) {
    this.at = place;
    this.place(readFrame(this.plot));
  }

  /**
   * @param {{ name: string, truth: string, language: string }} words `name` tells where it stands
   * @param {boolean} stands whether it can be moved no more
   * @param {number[] | null} truth where it should have stood, once that is known
   */
  show({ name, truth: said, language }, stands, truth) {
    this.node.lang = language;
    this.call(name);
    this.button.disabled = stands;
    this.pane.takesClick = stands ? null : (x, y) => this.put(x, y);
    this.pane.picture.node.classList.toggle("em-flagging", !stands);
    this.label.textContent = said;
    this.truth = truth;
    if (this.plot._fullLayout) this.place(readFrame(this.plot));
  }

  /** @param {string} name which tells where it stands */
  call(name) {
    this.button.setAttribute("aria-label", name);
  }

  /**
   * Puts it where its place is now.
   * @param {Frame} frame
   */
  place(frame) {
    this.node.style.cssText = `left:${frame.left}px;top:${frame.top}px;width:${frame.width}px;height:${frame.height}px`;
    for (const [node, pole, at] of /** @type {[HTMLElement, HTMLElement, number[] | null][]} */ ([
      [this.button, this.poles[0], this.at],
      [this.actual, this.poles[1], this.truth],
    ])) {
      node.hidden = !at;
      pole.hidden = !at || !this.onALine;
      if (!at) continue;
      const [px, py] = toPixels(frame, at[0], at[1] ?? 0);
      node.style.transform = `translate(${px}px,${py}px)`;
      pole.style.transform = `translate(${px}px,0)`;
    }
    this.lead(frame);
  }

  /** The words about the true place stand towards the middle of the picture. @param {Frame} frame */
  lead(frame) {
    if (!this.truth) return;
    const [px, py] = toPixels(frame, this.truth[0], this.truth[1] ?? 0);
    this.actual.classList.toggle("em-leftwards", px > frame.width / 2);
    this.actual.classList.toggle("em-downwards", py < frame.height / 2);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    event.stopPropagation();
    const { button } = this;
    button.setPointerCapture(event.pointerId);
    button.focus({ preventScroll: true });
    const from = this.at ?? [0, 0];
    const start = toData(readFrame(this.plot), event.clientX, event.clientY);
    const move = (/** @type {PointerEvent} */ later) => {
      const now = toData(readFrame(this.plot), later.clientX, later.clientY);
      this.put(from[0] + now[0] - start[0], (from[1] ?? 0) + now[1] - start[1]);
    };
    const up = () => {
      button.removeEventListener("pointermove", move);
      button.removeEventListener("pointerup", up);
      button.removeEventListener("pointercancel", up);
    };
    button.addEventListener("pointermove", move);
    button.addEventListener("pointerup", up);
    button.addEventListener("pointercancel", up);
  }

  /** @param {KeyboardEvent} event */
  nudge(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.at) return;
    const { x0, x1, y0, y1 } = readFrame(this.plot);
    const step = event.shiftKey ? LARGE_STEP : STEP;
    this.put(this.at[0] + arrow[0] * step * (x1 - x0), (this.at[1] ?? 0) + arrow[1] * step * (y1 - y0));
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() {
    this.node.remove();
    this.pane.overlays = this.pane.overlays.filter((overlay) => overlay !== this);
    this.pane.takesClick = null;
    this.pane.picture.node.classList.remove("em-flagging");
  }
}
