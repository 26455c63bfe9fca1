// Ellipses and trails as Plotly shapes: one relayout moves them and leaves the points alone.

const ARCS = 8;
// Eight cubic arcs follow a circle to 4 parts in a million.
const REACH = (4 / 3) * Math.tan(Math.PI / (2 * ARCS));

/** The SVG path, in data units, of the ellipse at `level` sigma. */
export function ellipsePath(meanX, meanY, xx, xy, yy, level) {
  const l11 = Math.sqrt(xx);
  const l21 = xy / l11;
  const l22 = Math.sqrt(Math.max(yy - l21 * l21, 0));
  const place = (u, v) => `${meanX + level * l11 * u},${meanY + level * (l21 * u + l22 * v)}`;
  let path = `M${place(1, 0)}`;
  for (let i = 1; i <= ARCS; i++) {
    const [c0, s0] = [Math.cos((2 * Math.PI * (i - 1)) / ARCS), Math.sin((2 * Math.PI * (i - 1)) / ARCS)];
    const [c1, s1] = [Math.cos((2 * Math.PI * i) / ARCS), Math.sin((2 * Math.PI * i) / ARCS)];
    path += `C${place(c0 - REACH * s0, s0 + REACH * c0)} ${place(c1 + REACH * s1, s1 - REACH * c1)} ${place(c1, s1)}`;
  }
  return `${path}Z`;
}

function ellipses(mixture, level, colours, line, opacity = 1) {
  return Array.from(mixture.weights, (_, k) => ({
    type: "path",
    path: ellipsePath(mixture.means[2 * k], mixture.means[2 * k + 1], ...mixture.covariances.subarray(3 * k, 3 * k + 3), level),
    line: { color: colours(k), ...line },
    opacity,
    layer: "above",
  }));
}

/** Open lines through the means of states 0 to `t`, and on to the means shown. */
function trails(run, t, mixture, theme, size) {
  if (t < 1) return [];
  const k = run.components;
  return Array.from({ length: k }, (_, j) => {
    let path = "";
    for (let s = 0; s < t; s++) path += `${s ? "L" : "M"}${run.means[2 * (s * k + j)]},${run.means[2 * (s * k + j) + 1]}`;
    path += `L${mixture.means[2 * j]},${mixture.means[2 * j + 1]}`;
    return { type: "path", path, line: { color: theme.palette[j], width: 1.5 * size }, opacity: 0.55, layer: "above" };
  });
}

/** All shapes of a picture: truth, trails, the ellipses just left, and those of now. */
export function shapesOf({ run, mixture, t, previous, options, theme, size }) {
  const colours = (k) => theme.palette[k];
  const shapes = [];
  if (options.truth && run.truth) {
    shapes.push(...ellipses(run.truth, 1, () => theme.text, { width: 1.5 * size, dash: "dot" }, 0.5));
    shapes.push(...ellipses(run.truth, 2, () => theme.text, { width: size, dash: "dot" }, 0.35));
  }
  if (!mixture) return shapes;
  if (options.trails) shapes.push(...trails(run, t, mixture, theme, size));
  if (previous) shapes.push(...ellipses(previous, 1, colours, { width: 1.5 * size }, 0.3));
  shapes.push(...ellipses(mixture, 1, colours, { width: 3 * size }));
  if (options.level !== 1) shapes.push(...ellipses(mixture, options.level, colours, { width: 2 * size, dash: options.dashed ? "dash" : "solid" }));
  return shapes;
}
