// A run's curve, one value a picture, and the cursor that tells where we are.

import { element } from "./dom.js";
import { readFrame, toPixels } from "./axes.js";
import { countPictures } from "./timeline.js";

/** The plot of a curve in the colours of the theme: its first trace is the one that matters. */
export function drawFigure(Plotly, plot, { data, layout }, theme) {
  const axis = { gridcolor: theme.grid, zeroline: false, tickfont: { size: 0.74 * theme.letter }, fixedrange: true, ticks: "" };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis/.test(name));
  const themed = {
    ...layout,
    margin: { l: 3.4 * theme.letter, r: layout.yaxis2 ? 2.6 * theme.letter : 10, t: 6, b: 2.3 * theme.letter },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text, size: 0.8 * theme.letter },
    ...Object.fromEntries(axes.map((name) => [name, { ...layout[name], ...axis, ...(layout[name].title && { title: { ...layout[name].title, standoff: 4 } }) }])),
  };
  const traces = data.map((trace, i) => ({ ...trace, line: { ...trace.line, color: i ? theme.text : theme.accent, width: i ? 1.2 : 2.5 } }));
  return Plotly.react(plot, traces, themed, { displayModeBar: false, responsive: false });
}

export class Curve {
  constructor(Plotly, goTo) {
    this.Plotly = Plotly;
    this.plot = element("div", { class: "em-curve-plot" });
    this.line = element("div", { class: "em-curve-line" });
    this.dot = element("div", { class: "em-curve-dot" });
    const cursor = element("div", { class: "em-curve-cursor" }, this.line, this.dot);
    this.node = element("div", { class: "em-curve", click: (event) => this.pick(event, goTo) }, this.plot, cursor);
  }

  /** Draws the figure Python made of a run; the cursor comes with `mark`. */
  draw(run, theme) {
    this.run = run;
    this.node.hidden = !run.states || !run.figure;
    return this.node.hidden ? null : drawFigure(this.Plotly, this.plot, run.figure, theme);
  }

  /** Moves the cursor to a picture. */
  mark(index) {
    if (this.node.hidden || !this.plot._fullLayout) return;
    const frame = readFrame(this.plot);
    const [px, py] = toPixels(frame, index / 2, this.run.values[index]);
    this.line.style.cssText = `left:${frame.left + px}px;top:${frame.top}px;height:${frame.height}px`;
    this.dot.style.cssText = `left:${frame.left + px}px;top:${frame.top + py}px`;
  }

  resize() {
    if (this.plot._fullLayout && !this.node.hidden) this.Plotly.Plots.resize(this.plot);
  }

  pick(event, goTo) {
    const frame = readFrame(this.plot);
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left - frame.left) / frame.width;
    const index = Math.floor(2 * (frame.x0 + share * (frame.x1 - frame.x0)) + 1e-9);
    goTo(Math.min(countPictures(this.run.states) - 1, Math.max(0, index)));
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
