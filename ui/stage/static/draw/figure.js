// Plotly's figures in the colours of the theme.

import { parseColour } from "./colour.js";

/**
 * The plot of a curve in the colours of the theme: its first trace is the one that matters.
 * @param {PlotlyLibrary} Plotly
 * @param {PlotElement} plot
 * @param {Figure} figure
 * @param {Theme} theme
 */
export function drawFigure(Plotly, plot, { data, layout }, theme) {
  const axis = {
    gridcolor: theme.grid,
    zeroline: false,
    tickfont: { size: 0.74 * theme.letter },
    fixedrange: true,
    ticks: "",
  };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis/.test(name));
  /** @param {any} title */
  const near = (title) => title && { title: { ...title, standoff: 4 } };
  const right = layout.yaxis2?.side === "right";
  const themed = {
    ...layout,
    margin: { l: 3.4 * theme.letter, r: right ? 2.6 * theme.letter : 10, t: 6, b: 2.3 * theme.letter },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text, size: 0.8 * theme.letter },
    ...Object.fromEntries(
      axes.map((name) => [name, { ...layout[name], ...axis, ...near(layout[name].title) }]),
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
