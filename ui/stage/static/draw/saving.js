// The picture as a file: PNG and SVG through Plotly, with the points as marks or, if too many, as an image beneath.

/** Up to this many points are drawn as marks; more would make a file no program opens gladly. */
const MARKS = 5000;

/**
 * @param {number} n
 * @param {boolean} aggregated
 */
export const isMarks = (n, aggregated) => !aggregated && n <= MARKS;

/**
 * Plotly reads a little HTML in texts, and formulas between dollars; what people called their data is only a name.
 * @param {string} text
 */
export const literal = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("$", "&#36;");

/**
 * @param {Uint8Array} bytes
 * @param {number} i
 */
const rgb = (bytes, i) => `rgb(${bytes[3 * i]},${bytes[3 * i + 1]},${bytes[3 * i + 2]})`;

/**
 * One picture of several canvases, as an address; Plotly loads a second image too late to save it.
 * @param {HTMLCanvasElement[]} canvases
 */
function together(canvases) {
  const sheet = document.createElement("canvas");
  sheet.width = Math.max(...canvases.map((canvas) => canvas.width));
  sheet.height = Math.max(...canvases.map((canvas) => canvas.height));
  const context = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  for (const canvas of canvases) {
    context.globalAlpha = Number(canvas.style.opacity || 1);
    context.drawImage(canvas, 0, 0, sheet.width, sheet.height);
  }
  return sheet.toDataURL("image/png");
}

/**
 * The numbered means, of the same size however far the picture is zoomed.
 * @param {Components} components
 * @param {Theme} theme
 * @param {Float64Array} [lanes] the heights of components on a line
 */
function badges({ means }, theme, lanes) {
  return Array.from({ length: means.length / 2 }, (_, k) => ({
    type: "circle",
    xsizemode: "pixel",
    ysizemode: "pixel",
    x0: -11,
    x1: 11,
    y0: -11,
    y1: 11,
    layer: "above",
    xanchor: means[2 * k],
    yanchor: lanes ? lanes[k] : means[2 * k + 1],
    fillcolor: theme.palette[k],
    line: { color: "#fff", width: 2 },
    // A weight, not the tag: that becomes an attribute, which strict pages forbid.
    label: { text: `${k + 1}`, font: { color: "#fff", size: 12, weight: "bold" } },
  }));
}

/**
 * Points that are saved as marks, in the colours of `bytes` and as opaque as `seen`.
 * @typedef {{ marks: Pick<Run, "n" | "x" | "y" | "heights" | "binary">, bytes: Uint8Array, kinds: Int32Array | null,
 *   lost: ArrayLike<number> | null, radius: number, seen: number }} Layer
 */

/**
 * @param {Layer} layer
 * @param {Theme} theme
 */
const traceOf = ({ marks, bytes, kinds, lost, radius, seen }, theme) => ({
  type: "scatter",
  mode: "markers",
  showlegend: false,
  x: Array.from(marks.x),
  y: Array.from(marks.heights ?? marks.y),
  marker: {
    color: Array.from({ length: marks.n }, (_, i) => rgb(bytes, i)),
    size: 2 * radius,
    opacity: 0.85 * seen,
    symbol: symbolsOf(marks, kinds, lost, theme),
  },
});

/**
 * Plotly's names of the marks' signs: a cross for what belongs to the noise more than not, open where the yes/no
 * column says no.
 * @param {Layer["marks"]} marks
 * @param {Int32Array | null} kinds
 * @param {ArrayLike<number> | null} lost
 * @param {Theme} theme
 */
function symbolsOf({ n, binary }, kinds, lost, theme) {
  if (!kinds && !lost && !binary) return "circle";
  return Array.from({ length: n }, (_, i) => {
    const glyph = kinds && theme.glyphs[kinds[i]];
    const name = glyph ? glyph.name : lost && lost[i] > 0.5 ? "x-thin-open" : "circle";
    return binary && !binary[i] && !name.endsWith("-open") ? `${name}-open` : name;
  });
}

/**
 * A Plotly figure of what the stage shows, upon the canvases that were `painted`.
 * @param {object} what
 * @param {PlotElement} what.plot
 * @param {Frame} what.frame
 * @param {Run} what.run
 * @param {Components | null} what.components
 * @param {Layer[]} what.layers
 * @param {HTMLCanvasElement[]} what.painted
 * @param {object[]} what.shapes
 * @param {Theme} what.theme
 * @param {string} what.caption
 * @param {{ name: string, colour: string, symbol: string }[]} what.legend
 * @param {{ depth: number, shapes: object[] } | 0} [what.beside] what stands along the edges
 */
export function figureOf({
  plot,
  frame,
  run,
  components,
  layers,
  painted,
  shapes,
  theme,
  caption,
  legend,
  beside,
}) {
  /** @type {object[]} */
  const traces = layers.map((layer) => traceOf(layer, theme));
  for (const { name, colour, symbol } of legend) {
    const marker = { color: colour, size: 10, symbol };
    traces.push({
      type: "scatter",
      mode: "markers",
      x: [null],
      y: [null],
      name: literal(name),
      marker,
      showlegend: true,
    });
  }
  const images =
    painted.length === 0
      ? []
      : [
          {
            source: together(painted),
            layer: "below",
            sizing: "stretch",
            xref: "x",
            yref: "y",
            x: frame.x0,
            y: frame.y1,
            sizex: frame.x1 - frame.x0,
            sizey: frame.y1 - frame.y0,
          },
        ];
  const { xaxis, yaxis } = plot.layout;
  const depth = beside ? beside.depth : 0;
  const layout = {
    ...plot.layout,
    // Last, so that no ellipse crosses a number.
    shapes: [
      ...shapes,
      ...(beside ? beside.shapes : []),
      ...(components ? badges(components, theme, run.lanes) : []),
    ],
    images,
    showlegend: legend.length > 0,
    legend: { orientation: "h", x: 0, y: 1 },
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    margin: { l: 64, r: 24 + depth, t: 24 + depth, b: 84 },
    xaxis: { ...xaxis, range: [frame.x0, frame.x1], scaleanchor: undefined },
    yaxis: { ...yaxis, range: [frame.y0, frame.y1], scaleanchor: undefined },
    annotations: [captionOf(caption, -46)],
  };
  return { data: traces, layout, config: {} };
}

/**
 * The address of an SVG picture with `behind`, SVG in the pixels of the frame, beneath everything else.
 * @param {string} url
 * @param {string} behind
 * @param {{ width: number, height: number }} frame
 * @param {{ l: number, t: number }} margin
 */
function withBehind(url, behind, { width, height }, { l, t }) {
  const [kind, text] = [
    url.slice(0, url.indexOf(",") + 1),
    decodeURIComponent(url.slice(url.indexOf(",") + 1)),
  ];
  const beneath = '<g class="layer-below">';
  const framed = `<svg x="${l}" y="${t}" width="${width}" height="${height}">${behind}</svg>`;
  return kind + encodeURIComponent(text.replace(beneath, () => beneath + framed));
}

/**
 * Hands the person a file of the figure, `format` "png" or "svg".
 * @param {PlotlyLibrary} Plotly
 * @param {Figure & { config: object }} figure
 * @param {Frame} frame
 * @param {string} format
 * @param {string} name
 * @param {string} [behind]
 */
export async function savePicture(Plotly, figure, frame, format, name, behind = "") {
  const { margin } = figure.layout;
  const size = {
    width: Math.round(frame.width + margin.l + margin.r),
    height: Math.round(frame.height + margin.t + margin.b),
  };
  const url = await imageOf(Plotly, figure, size, format);
  hand(behind ? withBehind(url, behind, frame, margin) : url, name, format);
}

/**
 * Hands the person a file of a figure that has its size, `format` "png" or "svg".
 * @param {PlotlyLibrary} Plotly
 * @param {Figure & { config: object }} figure
 * @param {string} format
 * @param {string} name
 */
export async function saveFigure(Plotly, figure, format, name) {
  hand(await imageOf(Plotly, figure, figure.layout, format), name, format);
}

/**
 * The address of a figure as an image.
 * @param {PlotlyLibrary} Plotly
 * @param {Figure & { config: object }} figure
 * @param {{ width: number, height: number }} size
 * @param {string} format
 * @returns {Promise<string>}
 */
const imageOf = (Plotly, figure, { width, height }, format) =>
  Plotly.toImage(figure, { format, width, height, scale: format === "png" ? 3 : 1 });

/**
 * @param {string} href
 * @param {string} name
 * @param {string} format
 */
function hand(href, name, format) {
  Object.assign(document.createElement("a"), { href, download: `${name}.${format}` }).click();
}

/**
 * Hands the person a file of hills, which are an image in either format, with a caption beneath.
 * @param {PlotlyLibrary} Plotly
 * @param {{ url: string, width: number, height: number }} picture
 * @param {Theme} theme
 * @param {string} format
 * @param {string} caption
 * @param {string} name
 */
export function saveScene(Plotly, { url, width, height }, theme, format, caption, name) {
  const whole = { xref: "paper", yref: "paper", x: 0, y: 1, sizex: 1, sizey: 1 };
  const hidden = { visible: false, range: [0, 1] };
  const layout = {
    images: [{ source: url, layer: "below", sizing: "stretch", ...whole }],
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font: { family: theme.font, color: theme.text },
    margin: { l: 24, r: 24, t: 24, b: 48 },
    xaxis: hidden,
    yaxis: hidden,
    annotations: [captionOf(caption, -8)],
  };
  const figure = { data: [{ type: "scatter", x: [], y: [] }], layout, config: {} };
  const frame = { left: 0, top: 0, width, height, x0: 0, x1: 1, y0: 0, y1: 1 };
  return savePicture(Plotly, figure, frame, format, name);
}

/**
 * Words beneath the plot, `shift` pixels from it.
 * @param {string} caption
 * @param {number} shift
 */
const captionOf = (caption, shift) => ({
  text: literal(caption),
  showarrow: false,
  xref: "paper",
  yref: "paper",
  x: 0,
  y: -0.01,
  yshift: shift,
  xanchor: "left",
  yanchor: "top",
  font: { size: 11 },
});
