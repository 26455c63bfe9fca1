// Where the marks of a Plotly figure lie that stand for something: points of lines and scatters, cells of heat maps.

/** CSS pixels about a point beyond its own radius. */
const AROUND = 3;
const LEAST_RADIUS = 4;

/**
 * Every mark that is shown and whose `customdata` is one of the ids, in the pixels of the plot's element.
 * @param {PlotElement} plot
 * @param {{ has(id: string): boolean }} ids
 * @returns {FitMark[]}
 */
export function marksOf(plot, ids) {
  /** @type {FitMark[]} */
  const marks = [];
  /** @type {(id: any, curve: number, at: FitMark["at"]) => void} */
  const take = (id, curve, at) => {
    if (!ids.has(id)) return;
    const box = boxOf(plot, curve, at);
    if (Object.values(box).every(Number.isFinite)) marks.push({ id, curve, at, ...box });
  };
  /** @type {any[]} */ (plot._fullData ?? []).forEach((trace, curve) => {
    if (trace.visible !== true || !trace.customdata) return;
    Array.from(trace.customdata).forEach((id, i) => {
      if (Array.isArray(id)) id.forEach((own, j) => take(own, curve, [i, j]));
      else take(id, curve, i);
    });
  });
  return marks;
}

/**
 * The mark at a place of the plot, or the nearest one no farther than `reach`; points lie above cells.
 * @param {FitMark[]} marks
 * @param {number} x
 * @param {number} y
 * @param {number} reach CSS pixels
 */
export function nearest(marks, x, y, reach) {
  const ranked = marks.map((mark) => {
    const { left, right, top, bottom, at } = mark;
    const apart = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const off = Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2);
    return { mark, apart, rank: [apart, Number(Array.isArray(at)), off] };
  });
  const near = ranked.filter(({ apart }) => apart <= reach);
  near.sort((a, b) => a.rank.map((value, i) => value - b.rank[i]).find((difference) => difference) ?? 0);
  return near.length ? near[0].mark : null;
}

/**
 * @param {PlotElement} plot
 * @param {number} curve
 * @param {FitMark["at"]} at
 * @returns {Box}
 */
export function boxOf(plot, curve, at) {
  const trace = plot._fullData[curve];
  const [x, y] = ["x", "y"].map((letter) => {
    const axis = plot._fullLayout[trace[`${letter}axis`].replace(letter, `${letter}axis`)];
    const [low, high] = Array.isArray(at)
      ? cell(trace, letter, axis, letter === "x" ? at[1] : at[0])
      : point(trace, letter, axis, at);
    return [axis._offset + Math.min(low, high), axis._offset + Math.max(low, high)];
  });
  return { left: x[0], right: x[1], top: y[0], bottom: y[1] };
}

/**
 * The value of place i along an axis; Plotly counts where a trace has none.
 * @param {any} trace
 * @param {string} letter
 * @param {number} i
 */
const valueAt = (trace, letter, i) =>
  trace[letter]?.length ? trace[letter][i] : (trace[`${letter}0`] ?? 0) + i * (trace[`d${letter}`] ?? 1);

/**
 * Pixels from the beginning of an axis. Of a category the shorter way, d2p, would take a number for its position.
 * @param {any} axis
 * @param {unknown} value
 */
const placeOf = (axis, value) => axis.c2p(axis.d2c(value));

/**
 * @param {any} trace
 * @param {string} letter
 * @param {any} axis
 * @param {number} i
 */
function point(trace, letter, axis, i) {
  const size = trace.marker?.size;
  const radius = Math.max(LEAST_RADIUS, (size?.length ? size[i] : (size ?? 0)) / 2) + AROUND;
  const middle = placeOf(axis, valueAt(trace, letter, i));
  return [middle - radius, middle + radius];
}

/**
 * From halfway to the neighbour on one side to halfway on the other; or from edge to edge, where those are given.
 * @param {any} trace
 * @param {string} letter
 * @param {any} axis
 * @param {number} i
 */
function cell(trace, letter, axis, i) {
  const n = letter === "x" ? trace.z[0].length : trace.z.length;
  /** @type {(j: number) => number} */
  const place = (j) => placeOf(axis, valueAt(trace, letter, j));
  if (trace[letter]?.length === n + 1) return [place(i), place(i + 1)];
  if (n === 1) return [0, axis._length];
  const half = (place(i > 0 ? i : 1) - place(i > 0 ? i - 1 : 0)) / 2;
  return [place(i) - half, place(i) + half];
}
