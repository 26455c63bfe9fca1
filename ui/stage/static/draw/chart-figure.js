// A figure that Python has drawn without colours of a page, in those of a theme.

/** Letters of a chart, as a share of the page's. */
const LETTERS = 0.86;

/** A height for figures that have none, in letters. */
const HEIGHT = 25;

/** What a chart does not do: it is looked at, and the page scrolls under a finger. */
const STILL = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false };

/**
 * A Plotly figure with whatever the theme has to say where the figure says nothing, so many pixels wide.
 * @param {Figure} figure
 * @param {Theme} theme
 * @param {number} width
 * @param {string} ground the colour behind it
 */
export function themedFigure({ data, layout }, theme, width, ground) {
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  const fixed = [...new Set(["xaxis", "yaxis", ...axes])].map((name) => [
    name,
    { ...layout[name], fixedrange: true },
  ]);
  const themed = {
    hovermode: "closest",
    height: Math.round(HEIGHT * theme.letter),
    ...layout,
    ...Object.fromEntries(fixed),
    template: templateOf(theme),
    width,
    dragmode: false,
    paper_bgcolor: ground,
    plot_bgcolor: ground,
  };
  return { data, layout: themed, config: STILL };
}

/**
 * What Plotly takes where a figure leaves it open.
 * @param {Theme} theme
 */
function templateOf(theme) {
  const size = LETTERS * theme.letter;
  const axis = {
    automargin: true,
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zeroline: false,
    ticks: "",
    title: { standoff: 8 },
  };
  const bar = { outlinewidth: 0, ticks: "", thickness: 14 };
  return {
    data: {
      scatter: [{ marker: { line: { color: theme.text } } }],
      heatmap: [{ colorbar: bar, textfont: { size } }],
    },
    layout: {
      colorway: theme.palette,
      font: { family: theme.font, color: theme.text, size },
      margin: { l: 8, r: 8, t: 12, b: 8 },
      xaxis: axis,
      yaxis: axis,
      annotationdefaults: { arrowcolor: theme.text, showarrow: false },
      shapedefaults: { line: { color: theme.text } },
      hoverlabel: {
        align: "left",
        bgcolor: theme.background,
        bordercolor: theme.grey,
        font: { color: theme.text, family: theme.font, size },
      },
    },
  };
}
