// A run in more columns than two, laid into the plane: a pair of its columns, in which components are what they are
// whatever the others hold.

/**
 * The run as two of its columns show it. All columns stay in `whole`.
 * @template {Run} R
 * @param {R} run of more than two dimensions
 * @param {number[]} pair the columns across and upwards, counted from 0
 * @returns {R}
 */
export function inThePlane(run, pair) {
  const whole = /** @type {Whole} */ (run.whole);
  const { dimensions: d } = run;
  const [i, j] = pair;
  const [x, y] = pair.map((axis) => everyOther(whole.points, d, axis));
  /** @type {Four} */
  const extent = [whole.extent[2 * i], whole.extent[2 * i + 1], whole.extent[2 * j], whole.extent[2 * j + 1]];
  const covariances = blocks(whole.covariances, d, pair);
  return {
    ...run,
    pair,
    ...{ x, y, extent, covariances },
    columns: [whole.columns[i], whole.columns[j]],
    scale: scaleOf(extent, run.unlike),
    means: places(whole.means, d, pair),
    moment_means: places(whole.moment_means, d, pair),
    scatters: blocks(whole.scatters, d, pair),
    axes: axesOf(covariances),
    area: spanOf(x) * spanOf(y),
    true_shapes: whole.truth && {
      weights: whole.truth.weights,
      means: places(whole.truth.means, d, pair),
      covariances: blocks(whole.truth.covariances, d, pair),
    },
  };
}

/**
 * The pair that is asked for, if these columns have it; else the one they come with.
 * @param {Run} run
 * @param {number[]} asked
 */
export function pairOf({ whole, dimensions }, asked) {
  const [i, j] = asked;
  const known = asked.length === 2 && i !== j && Math.max(i, j) < dimensions;
  return known || !whole ? asked : whole.pair;
}

/**
 * Where entry (i, j) of a symmetric matrix of D x D is among those on and above its diagonal, row by row.
 * @param {number} d
 * @param {number} i
 * @param {number} j
 */
export function upperAt(d, i, j) {
  const [row, column] = i < j ? [i, j] : [j, i];
  return row * d - (row * (row - 1)) / 2 + column - row;
}

/**
 * One of every `d` numbers, from `first` on.
 * @param {Float64Array} values
 * @param {number} d
 * @param {number} first
 */
function everyOther(values, d, first) {
  const column = new Float64Array(values.length / d);
  for (let row = 0; row < column.length; row++) column[row] = values[row * d + first];
  return column;
}

/**
 * Two of every `d` numbers.
 * @param {Float64Array} values
 * @param {number} d
 * @param {number[]} pair
 */
function places(values, d, [i, j]) {
  const chosen = new Float64Array((2 * values.length) / d);
  for (let row = 0; 2 * row < chosen.length; row++) {
    chosen[2 * row] = values[row * d + i];
    chosen[2 * row + 1] = values[row * d + j];
  }
  return chosen;
}

/**
 * Of symmetric matrices, D (D + 1) / 2 numbers each, those of a pair: xx, xy, yy.
 * @param {Float64Array} values
 * @param {number} d
 * @param {number[]} pair
 */
function blocks(values, d, [i, j]) {
  const size = (d * (d + 1)) / 2;
  const at = [upperAt(d, i, i), upperAt(d, i, j), upperAt(d, j, j)];
  const chosen = new Float64Array((3 * values.length) / size);
  for (let row = 0; 3 * row < chosen.length; row++)
    for (let entry = 0; entry < 3; entry++) chosen[3 * row + entry] = values[row * size + at[entry]];
  return chosen;
}

/**
 * Half-axes, long and short, and the angle of the long one, as gmm_core.principal_axes has them.
 * @param {Float64Array} covariances (M x 3)
 */
function axesOf(covariances) {
  const axes = new Float64Array(covariances.length);
  for (let at = 0; at < axes.length; at += 3) {
    const [xx, xy, yy] = covariances.subarray(at, at + 3);
    const long = 0.5 * (xx + yy) + Math.hypot(0.5 * (xx - yy), xy);
    // The determinant over the large root loses no digits where the difference of roots would.
    const short = Math.max(xx * yy - xy * xy, 0) / long;
    axes.set([Math.sqrt(long), Math.sqrt(short), 0.5 * Math.atan2(2 * xy, xx - yy)], at);
  }
  return axes;
}

/**
 * As ui/stage/codec.py has it of two dimensions.
 * @param {Four} extent
 * @param {number} unlike
 */
function scaleOf([x0, x1, y0, y1], unlike) {
  const spans = [x1 - x0, y1 - y0];
  return Math.max(...spans) > unlike * Math.min(...spans) ? "free" : "equal";
}

/** @param {Float64Array} values */
function spanOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
