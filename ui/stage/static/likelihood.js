// The log-likelihood staircase with the bound beneath it, and the cursor that tells where we are.

import { countPictures, staircase } from "./timeline.js";
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

  /** Draws the curve of a run; the cursor comes with `mark`. */
  draw(run, theme) {
    this.run = run;
    this.values = staircase(run);
    const x = this.values.likelihood.map((_, index) => index / 2);
    const line = (y, name, colour, width, dash) => ({
      x, y, name, mode: "lines", line: { shape: "hv", color: colour, width, dash }, hoverinfo: "skip",
    });
    const traces = [
      line(this.values.likelihood, "log-likelihood", theme.accent, 2.5, "solid"),
      line(this.values.bound, "bound", theme.text, 1.2, "dot"),
    ];
    const axis = { gridcolor: theme.grid, zeroline: false, tickfont: { size: 10 }, fixedrange: true, ticks: "" };
    const layout = {
      margin: { l: 48, r: 10, t: 6, b: 30 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, color: theme.text, size: 11 },
      showlegend: false,
      xaxis: { ...axis, title: { text: "iteration", standoff: 4 }, range: [-0.2, Math.max(1, (countPictures(run.states) - 1) / 2 + 0.3)], rangemode: "tozero" },
      yaxis: { ...axis, nticks: 4, range: this.range(), tickformat: "~r" },
    };
    return this.Plotly.react(this.plot, traces, layout, { displayModeBar: false, responsive: false });
  }

  range() {
    const known = [...this.values.likelihood, ...this.values.bound].filter((value) => value !== null);
    const low = Math.min(...known);
    const high = Math.max(...known);
    const margin = 0.08 * (high - low) || Math.max(1, Math.abs(high) * 0.01);
    return [low - margin, high + margin];
  }

  /** Moves the cursor to a picture. */
  mark(index) {
    if (!this.run?.states || !this.plot._fullLayout) return;
    const frame = readFrame(this.plot);
    const [px, py] = toPixels(frame, index / 2, this.values.likelihood[index]);
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
