// The log-likelihood staircase with the bound beneath it, and the cursor that tells where we are.

import { countPictures, pictureAt } from "./timeline.js";
import { element } from "./dom.js";
import { readFrame, toPixels } from "./axes.js";

export class Likelihood {
  constructor(Plotly, goTo) {
    this.Plotly = Plotly;
    this.plot = element("div", { class: "em-curve-plot" });
    this.line = element("div", { class: "em-curve-line" });
    this.dot = element("div", { class: "em-curve-dot" });
    const cursor = element("div", { class: "em-curve-cursor" }, this.line, this.dot);
    this.node = element("div", { class: "em-curve", click: (event) => this.pick(event, goTo) }, this.plot, cursor);
  }

  /** Draws the figure Python made of a run, in the colours of the theme; the cursor comes with `mark`. */
  draw(run, theme) {
    this.run = run;
    const { data, layout } = run.likelihood_figure;
    const [likelihood, bound] = data;
    const axis = { gridcolor: theme.grid, zeroline: false, tickfont: { size: 0.74 * theme.letter }, fixedrange: true, ticks: "" };
    const themed = {
      ...layout,
      margin: { l: 3.4 * theme.letter, r: 10, t: 6, b: 2.3 * theme.letter },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, color: theme.text, size: 0.8 * theme.letter },
      xaxis: { ...layout.xaxis, ...axis, title: { ...layout.xaxis.title, standoff: 4 } },
      yaxis: { ...layout.yaxis, ...axis },
    };
    const traces = [
      { ...likelihood, line: { ...likelihood.line, color: theme.accent, width: 2.5 } },
      { ...bound, line: { ...bound.line, color: theme.text, width: 1.2 } },
    ];
    return this.Plotly.react(this.plot, traces, themed, { displayModeBar: false, responsive: false });
  }

  /** Moves the cursor to a picture. */
  mark(index) {
    if (!this.run?.states || !this.plot._fullLayout) return;
    const frame = readFrame(this.plot);
    const [px, py] = toPixels(frame, index / 2, this.run.log_likelihoods[pictureAt(index).iteration]);
    this.line.style.cssText = `left:${frame.left + px}px;top:${frame.top}px;height:${frame.height}px`;
    this.dot.style.cssText = `left:${frame.left + px}px;top:${frame.top + py}px`;
  }

  resize() {
    if (this.plot._fullLayout) this.Plotly.Plots.resize(this.plot);
  }

  pick(event, goTo) {
    if (!this.run?.states) return;
    const frame = readFrame(this.plot);
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left - frame.left) / frame.width;
    const index = Math.floor(2 * (frame.x0 + share * (frame.x1 - frame.x0)) + 1e-9);
    goTo(Math.min(countPictures(this.run.states) - 1, Math.max(0, index)));
  }
}
