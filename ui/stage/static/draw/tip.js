// What stands out on a picture: the point that was asked about, and the one under the pointer with a short answer.

import { inUnits, percent } from "../words/format.js";
import { toPixels } from "./axes.js";
import { element } from "./dom.js";

/** CSS pixels that an answer beside the pointer may need to its right. */
const WIDTH = 150;

export class Tip {
  constructor() {
    this.asked = element("div", { class: "em-ring", hidden: true });
    this.hovered = element("div", { class: "em-ring em-hovered", hidden: true });
    this.label = element("div", { class: "em-tip", hidden: true });
    this.nodes = [this.asked, this.hovered, this.label];
  }

  /**
   * Rings the point that was asked about; null for none.
   * @param {Run} run
   * @param {Frame} frame
   * @param {number | null} point
   */
  ring(run, frame, point) {
    place(this.asked, run, frame, point);
  }

  /**
   * A short answer beside the pointer: which point, and its strongest shares; null for no point, or no shares.
   * @param {Run} run
   * @param {Frame} frame
   * @param {number | null} point
   * @param {ArrayLike<number> | null} shares
   * @param {string[]} colours of the shares
   */
  show(run, frame, point, shares, colours) {
    const at = place(this.hovered, run, frame, point);
    this.label.hidden = point === null;
    if (!at || point === null) return;
    const [x0, x1, y0, y1] = run.extent;
    const { answer, binary } = run;
    const said = answer && binary ? `, ${answer[1 + binary[point]]}` : "";
    const spans = [x1 - x0, y1 - y0].slice(0, run.dimensions);
    const numbers = spans.map((span, axis) => inUnits([run.x, run.y][axis][point], span));
    const text = `${point + 1}: (${numbers.join(", ")})${said}`;
    const ranked = Array.from(shares ?? [], (share, k) => ({ share, k })).sort((a, b) => b.share - a.share);
    this.label.replaceChildren(
      element("div", {}, text),
      ...(shares || !run.states ? [] : [element("div", {}, "belongs to none yet")]),
      ...ranked
        .slice(0, 3)
        .map(({ share, k }) =>
          element(
            "div",
            { class: "em-share", style: `--em-share:${100 * share}%;--em-colour:${colours[k]}` },
            `${k < run.components ? k + 1 : "noise"}  ${percent(share)}`,
          ),
        ),
    );
    const flip = at[0] > frame.left + frame.width - WIDTH;
    this.label.style.transform = `translate(${at[0] + (flip ? -14 : 14)}px,${at[1] + 10}px) translateX(${flip ? "-100%" : "0"})`;
  }
}

/**
 * Puts a ring about a point that is in view; returns where, in pixels of the plot.
 * @param {HTMLElement} ring
 * @param {Run} run
 * @param {Frame} frame
 * @param {number | null} point
 */
function place(ring, run, frame, point) {
  ring.hidden = point === null;
  if (point === null) return null;
  const [px, py] = toPixels(frame, run.x[point], (run.heights ?? run.y)[point]);
  ring.hidden = !(px >= 0 && py >= 0 && px <= frame.width && py <= frame.height);
  const at = [px + frame.left, py + frame.top];
  ring.style.transform = `translate(${at[0]}px,${at[1]}px) translate(-50%,-50%)`;
  return at;
}
