// A run's curve, one value a picture, and the cursor that tells where we are.

import { parseColour } from "./colour.js";
import { element } from "./dom.js";
import { readFrame, toPixels } from "./axes.js";
import { countPictures } from "../model/timeline.js";
import { rangeWithin, ticksFor, whole } from "./staircase.js";

/** The plot of a curve in the colours of the theme: its first trace is the one that matters. */
export function drawFigure(Plotly, plot, { data, layout }, theme) {
  const axis = {
    gridcolor: theme.grid,
    zeroline: false,
    tickfont: { size: 0.74 * theme.letter },
    fixedrange: true,
    ticks: "",
  };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis/.test(name));
  const themed = {
    ...layout,
    margin: {
      l: 3.4 * theme.letter,
      r: layout.yaxis2?.side === "right" ? 2.6 * theme.letter : 10,
      t: 6,
      b: 2.3 * theme.letter,
    },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text, size: 0.8 * theme.letter },
    ...Object.fromEntries(
      axes.map((name) => [
        name,
        {
          ...layout[name],
          ...axis,
          ...(layout[name].title && { title: { ...layout[name].title, standoff: 4 } }),
        },
      ]),
    ),
  };
  const fill = { fillcolor: `rgba(${parseColour(theme.text).join(",")},0.22)` };
  const traces = data.map((trace, i) => ({
    ...trace,
    ...(trace.fill && fill),
    line: { ...trace.line, color: i ? theme.text : theme.accent, width: i ? 1.2 : 2.5 },
  }));
  // Plotly would lay a cover over the page at every press, and keep double clicks to itself.
  return Plotly.react(plot, traces, themed, { staticPlot: true, responsive: false });
}

/** Iterations on either side of the cursor while the curve shows what is around it. */
const AROUND = 3;

/** The fewest iterations across that people can zoom in to. */
const FEWEST = 1.5;

export class Curve {
  constructor(Plotly, goTo) {
    this.Plotly = Plotly;
    this.plot = element("div", { class: "em-curve-plot" });
    this.line = element("div", { class: "em-curve-line" });
    this.dot = element("div", { class: "em-curve-dot" });
    const cursor = element("div", { class: "em-curve-cursor" }, this.line, this.dot);
    this.zoomer = element(
      "button",
      {
        type: "button",
        class: "em-curve-zoom",
        "aria-pressed": "false",
        title: "Magnify the curve where you are, and follow",
        click: (event) => this.toggle(event),
      },
      "Around here",
    );
    this.node = element(
      "div",
      { class: "em-curve", click: (event) => this.pick(event, goTo), dblclick: () => this.show(null) },
      this.plot,
      cursor,
      this.zoomer,
    );
    // A wheel scrolls the page, unless a key is held or the curve has been clicked.
    this.node.addEventListener("pointerdown", () => (this.taken = true));
    this.node.addEventListener("pointerleave", () => (this.taken = false));
    this.node.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    for (const type of ["touchstart", "touchmove"])
      this.node.addEventListener(type, (event) => this.pinch(event), { passive: false });
  }

  /** Draws a run's figure; the cursor comes with `mark`. */
  async draw(run, theme) {
    if (run !== this.run) Object.assign(this, { window: null, following: false, figure: run.figure });
    this.run = run;
    this.node.hidden = !run.states || !run.figure;
    if (this.node.hidden) return;
    await drawFigure(this.Plotly, this.plot, this.fitted(), theme);
    this.say();
  }

  /** The figure with its axes about what is in view. */
  fitted() {
    const { data, layout } = this.figure;
    const across = this.window ?? whole(this.run.values.length);
    const upwards = rangeWithin(
      data.filter(({ yaxis }) => !yaxis),
      across,
    );
    const fitted = {
      ...layout,
      xaxis: { ...layout.xaxis, range: across, dtick: ticksFor(across) },
      yaxis: { ...layout.yaxis, range: upwards },
    };
    if (layout.yaxis2)
      fitted.yaxis2 = {
        ...layout.yaxis2,
        range: [
          0,
          rangeWithin(
            data.filter(({ yaxis }) => yaxis),
            across,
          )[1],
        ],
      };
    return { data, layout: fitted };
  }

  /** Shows the iterations from window[0] to window[1]; all of them for null. */
  async show(window, following = false) {
    if (this.node.hidden || !this.plot._fullLayout) return;
    const [first, last] = whole(this.run.values.length);
    const width = window && Math.max(FEWEST, window[1] - window[0]);
    const start = window && Math.max(first, Math.min(window[0], last - width));
    Object.assign(this, {
      window: window && width < last - first ? [start, start + width] : null,
      following,
    });
    const { xaxis, yaxis, yaxis2 } = this.fitted().layout;
    const ranges = {
      "xaxis.range": xaxis.range,
      "xaxis.dtick": xaxis.dtick,
      "yaxis.range": yaxis.range,
      ...(yaxis2 && { "yaxis2.range": yaxis2.range }),
    };
    await this.Plotly.relayout(this.plot, ranges);
    this.say();
    this.place();
  }

  say() {
    this.zoomer.setAttribute("aria-pressed", String(Boolean(this.window)));
    this.zoomer.textContent = this.window ? "Whole run" : "Around here";
    this.node.dataset.window = this.window ? this.window.map((end) => end.toFixed(2)).join(" ") : "";
  }

  toggle(event) {
    event.stopPropagation();
    const at = this.index / 2;
    this.show(this.window ? null : [at - AROUND, at + AROUND], true);
  }

  /** Magnifies by `factor` about the place `x` on the screen. */
  zoom(factor, x) {
    const [x0, x1] = this.window ?? whole(this.run.values.length);
    const about = this.iterationAt(x);
    this.show([about - (about - x0) * factor, about + (x1 - about) * factor]);
  }

  wheel(event) {
    if (!this.taken && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(0.002 * event.deltaY * (event.deltaMode ? 16 : 1)), event.clientX);
  }

  pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    if (event.type === "touchmove" && this.apart)
      this.zoom(this.apart / Math.max(apart, 1), (a.clientX + b.clientX) / 2);
    this.apart = apart;
  }

  /** Moves the cursor to a picture. */
  mark(index) {
    this.index = index;
    if (this.node.hidden || !this.plot._fullLayout) return;
    const at = index / 2;
    if (this.window && this.following && (at < this.window[0] + 0.5 || at > this.window[1] - 0.5))
      this.show([at - AROUND, at + AROUND], true);
    this.place();
  }

  place() {
    const frame = readFrame(this.plot);
    const [px, py] = toPixels(frame, this.index / 2, this.run.values[this.index]);
    const inside = px >= -1 && px <= frame.width + 1;
    this.line.hidden = !inside;
    this.dot.hidden = !inside || py < -1 || py > frame.height + 1;
    const { height } = this.plot._fullLayout._size;
    this.line.style.cssText = `left:${frame.left + px}px;top:${frame.top}px;height:${height}px`;
    this.dot.style.cssText = `left:${frame.left + px}px;top:${frame.top + py}px`;
  }

  resize() {
    return this.plot._fullLayout && !this.node.hidden ? this.Plotly.Plots.resize(this.plot) : null;
  }

  /** The iteration at a place `x` on the screen. */
  iterationAt(x) {
    const frame = readFrame(this.plot);
    const share = (x - this.plot.getBoundingClientRect().left - frame.left) / frame.width;
    return frame.x0 + share * (frame.x1 - frame.x0);
  }

  pick(event, goTo) {
    const index = Math.floor(2 * this.iterationAt(event.clientX) + 1e-9);
    goTo(Math.min(countPictures(this.run.states) - 1, Math.max(0, index)));
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
