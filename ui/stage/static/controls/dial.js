// The limit dial: one variance for all components, from generous to almost nothing, and what it does to
// the softness of the shares.

import { drawFigure } from "../draw/figure.js";
import { readFrame, toPixels } from "../draw/axes.js";
import { element } from "../draw/dom.js";
import { digits, percent } from "../words/format.js";

/**
 * The keys that turn a slider are the dial's own here, and step nothing.
 * @param {KeyboardEvent} event
 */
const keepKey = (event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation();

export class Dial {
  /**
   * `turn(position)` is called when a hand turns it.
   * @param {PlotlyLibrary} Plotly
   * @param {(position: number) => void} turn
   */
  constructor(Plotly, turn) {
    this.Plotly = Plotly;
    this.turn = turn;
    this.input = element("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": "Deviation of every component, σ",
      input: () => turn(Number(this.input.value)),
      keydown: keepKey,
    });
    this.text = element("output", { class: "em-dial-text" });
    /** @type {PlotElement} */
    this.plot = element("div", { class: "em-curve-plot" });
    this.line = element("div", { class: "em-curve-line" });
    const cursor = element("div", { class: "em-curve-cursor" }, this.line);
    const pick = {
      class: "em-curve em-dial-curve",
      click: (/** @type {MouseEvent} */ event) => this.pick(event),
    };
    this.curve = element("div", pick, this.plot, cursor);
    this.node = element(
      "section",
      { class: "em-dial", "aria-label": "Limit dial" },
      element("strong", {}, "Limit dial"),
      element("span", {}, "wide circles"),
      this.input,
      element("span", {}, "almost none"),
      this.text,
    );
  }

  /**
   * @param {EMRun} run
   * @param {Theme} theme
   */
  async draw(run, theme) {
    this.dial = run.dial;
    this.node.hidden = this.curve.hidden = !run.dial;
    if (!run.dial) return;
    this.input.max = String(run.dial.deviations.length - 1);
    await drawFigure(this.Plotly, this.plot, run.dial.figure, theme);
  }

  /**
   * @param {number} position
   */
  show(position) {
    if (!this.dial || !this.plot._fullLayout) return;
    const { deviations, ratios, softness, disagreements } = this.dial;
    this.input.value = String(position);
    const different = disagreements[position];
    this.text.textContent = `Every circle has σ = ${digits(deviations[position])}. In the end the shares are ${percent(softness[position], 0)} soft (0%: each point whole in one circle; 100%: in all alike), and ${different.toLocaleString("en")} ${different === 1 ? "point ends" : "points end"} elsewhere than with K-Means.`;
    this.input.setAttribute("aria-valuetext", this.text.textContent);
    const frame = readFrame(this.plot);
    const [px] = toPixels(frame, -Math.log10(ratios[position]), 0);
    this.line.style.cssText = `left:${frame.left + px}px;top:${frame.top}px;height:${frame.height}px`;
  }

  resize() {
    if (this.dial && this.plot._fullLayout) this.Plotly.Plots.resize(this.plot);
  }

  /**
   * The position nearest to a click on the curve.
   * @param {MouseEvent} event
   */
  pick(event) {
    const frame = readFrame(this.plot);
    const box = this.plot.getBoundingClientRect();
    const at = frame.x0 + ((event.clientX - box.left - frame.left) / frame.width) * (frame.x1 - frame.x0);
    const gaps = (this.dial?.ratios ?? []).map((ratio) => Math.abs(-Math.log10(ratio) - at));
    this.turn(gaps.indexOf(Math.min(...gaps)));
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
