// What a run's curve shows, as Plotly figures: one value for each picture, so that every half-step is a stair.

/** The part of the height that the gap has to itself. */
const STRIP = 0.27;

/**
 * The place across of every picture: a state's ellipses at its iteration, its colours half a step later.
 * @param {number} n
 */
const halves = (n) => Float64Array.from({ length: n }, (_, i) => i / 2);

/**
 * @param {string} name
 * @param {Float64Array} y (2T)
 * @param {Record<string, any>} [more]
 */
const stairs = (name, y, more = {}) => ({
  type: "scatter",
  mode: "lines",
  hoverinfo: "skip",
  name,
  x: halves(y.length),
  y,
  ...more,
  line: { shape: "hv", ...more.line },
});

/**
 * The bound at every picture: the M-step raises it, the E-step lifts it to the likelihood. Before the first
 * E-step there is none.
 * @param {EMRun} run
 * @param {Float64Array} bounds (T)
 */
function boundsOf({ states, curve }, bounds) {
  return Float64Array.from({ length: 2 * states }, (_, i) =>
    i % 2 ? curve[i >> 1] : i ? bounds[i >> 1] : NaN,
  );
}

/**
 * How far the bound lies below the likelihood at every picture, never negative: rounding is no gap.
 * @param {EMRun} run
 * @param {Float64Array} bounds (T)
 */
function gapsOf(run, bounds) {
  return boundsOf(run, bounds).map((bound, i) => Math.max(0, run.values[i] - bound));
}

/**
 * The temperature of the colours at every picture; before the first E-step that of the start.
 * @param {Float64Array} temperatures (T)
 */
const temperaturesOf = (temperatures) =>
  Float64Array.from({ length: 2 * temperatures.length }, (_, i) => temperatures[Math.max(0, i - 1) >> 1]);

/**
 * What has a strip of its own under the curve: a temperature that falls, else the gap to the bound; null for
 * nothing.
 * @param {EMRun} run
 */
function stripOf(run) {
  const { temperatures, bounds } = run;
  if (temperatures?.some((value) => value !== temperatures[0])) {
    return { name: "temperature", title: "T", values: temperaturesOf(temperatures) };
  }
  return bounds ? { name: "gap", title: "gap", values: gapsOf(run, bounds) } : null;
}

/**
 * What an algorithm raises, and its bound where there is one; in a strip of its own the gap between them, or the
 * temperature.
 * @param {EMRun} run
 * @param {boolean} withStrip
 * @returns {Figure}
 */
export function objectiveFigure(run, withStrip) {
  const data = [stairs(run.curve_name, run.values)];
  if (run.bounds) data.push(stairs("bound", boundsOf(run, run.bounds), { line: { dash: "dot" } }));
  /** @type {any} */
  const layout = { showlegend: false, xaxis: across(), yaxis: { nticks: 4 } };
  const strip = withStrip ? stripOf(run) : null;
  if (!strip) return { data, layout };
  data.push(stairs(strip.name, strip.values, { yaxis: "y2", fill: "tozeroy" }));
  layout.yaxis.domain = [STRIP + 0.1, 1];
  layout.xaxis.anchor = "y2";
  layout.yaxis2 = { domain: [0, STRIP], nticks: 3, title: { text: strip.title }, rangemode: "tozero" };
  return { data, layout };
}

/**
 * K-Means' inertia, which both half-steps lower.
 * @param {KMeansRun} run
 * @returns {Figure}
 */
export function inertiaFigure(run) {
  return {
    data: [stairs("inertia", run.values)],
    layout: { showlegend: false, xaxis: across(), yaxis: { nticks: 4 } },
  };
}

const across = () => ({ title: { text: "iteration" }, tick0: 0, tickformat: "d" });

/**
 * Iterations from one tick to the next: whole numbers, however far the curve is magnified.
 * @param {[number, number]} range
 */
export function ticksFor([x0, x1]) {
  const least = (x1 - x0) / 7;
  for (let power = 1; ; power *= 10)
    for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
}

/**
 * The range across of all pictures.
 * @param {number} pictures
 * @returns {[number, number]}
 */
export const whole = (pictures) => [-0.2, Math.max(1, pictures / 2 - 0.5 + 0.3)];

/**
 * The range upwards that shows what traces have between x0 and x1, with a little to spare; a stair that began
 * before reaches into it.
 * @param {{ x: Float64Array, y: Float64Array }[]} traces
 * @param {[number, number]} range
 */
export function rangeWithin(traces, [x0, x1]) {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y } of traces) {
    for (let i = 0; i < y.length; i++) {
      if (x[i] > x1 || (i + 1 < x.length && x[i + 1] < x0) || Number.isNaN(y[i])) continue;
      low = Math.min(low, y[i]);
      high = Math.max(high, y[i]);
    }
  }
  const spare = 0.08 * (high - low) || Math.max(1e-12, 0.01 * Math.abs(high));
  return [low - spare, high + spare];
}
