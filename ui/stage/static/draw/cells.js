// Too many points to draw one by one: the cells of a grid over the picture, each with its count.

/** Edge of a cell, in CSS pixels. */
export const CELL = 3;

/**
 * The cells that hold points, in a frame of `width` x `height` pixels: their numbers along rows of
 * `columns`, how many points each holds (sizes), the mean of those points, in data units, and the label most of
 * them have, if `labels` (below `kinds`, or negative for none) are known.
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @param {Frame} frame
 * @param {Int32Array | undefined} labels
 * @param {number} kinds
 */
export function gather(x, y, frame, labels, kinds) {
  const columns = Math.ceil(frame.width / CELL);
  const rows = Math.ceil(frame.height / CELL);
  const counts = new Uint32Array(columns * rows);
  const sumX = new Float64Array(columns * rows);
  const sumY = new Float64Array(columns * rows);
  const tally = labels ? new Uint32Array(columns * rows * (kinds + 1)) : null;
  const perX = (columns / (frame.x1 - frame.x0)) * (frame.width / (columns * CELL));
  const perY = (rows / (frame.y1 - frame.y0)) * (frame.height / (rows * CELL));
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((x[i] - frame.x0) * perX);
    const row = Math.floor((frame.y1 - y[i]) * perY);
    if (column < 0 || column >= columns || row < 0 || row >= rows) continue;
    const cell = row * columns + column;
    counts[cell]++;
    sumX[cell] += x[i] - frame.x0;
    sumY[cell] += y[i] - frame.y0;
    if (tally && labels) tally[cell * (kinds + 1) + (labels[i] < 0 ? kinds : labels[i])]++;
  }
  const held = compact(counts, sumX, sumY, frame);
  return { columns, ...held, labels: tally && mostCommon(tally, held.cells, kinds) };
}

/**
 * @param {Uint32Array} tally
 * @param {Uint32Array} cells
 * @param {number} kinds
 */
function mostCommon(tally, cells, kinds) {
  return Int32Array.from(cells, (cell) => {
    const at = cell * (kinds + 1);
    let best = kinds;
    for (let kind = 0; kind < kinds; kind++) if (tally[at + kind] > tally[at + best]) best = kind;
    return best === kinds ? -1 : best;
  });
}

/**
 * @param {Uint32Array} counts
 * @param {Float64Array} sumX
 * @param {Float64Array} sumY
 * @param {Frame} frame
 */
function compact(counts, sumX, sumY, frame) {
  let held = 0;
  for (let cell = 0; cell < counts.length; cell++) if (counts[cell]) held++;
  const result = {
    cells: new Uint32Array(held),
    sizes: new Uint32Array(held),
    x: new Float64Array(held),
    y: new Float64Array(held),
  };
  for (let cell = 0, at = 0; cell < counts.length; cell++) {
    if (!counts[cell]) continue;
    result.cells[at] = cell;
    result.sizes[at] = counts[cell];
    result.x[at] = frame.x0 + sumX[cell] / counts[cell];
    result.y[at] = frame.y0 + sumY[cell] / counts[cell];
    at++;
  }
  return result;
}

/**
 * Opacities that grow with the logarithm of the number of points, so that one point is still seen.
 * @param {Uint32Array} sizes
 */
export function opacities(sizes) {
  let most = 1;
  for (const size of sizes) if (size > most) most = size;
  const scale = most > 1 ? 0.75 / Math.log(most) : 0;
  return Float32Array.from(sizes, (size) => 0.25 + Math.log(size) * scale);
}

/**
 * Of every block of `block` x `block` cells that holds points, the index of the cell that holds most.
 * @param {{ cells: Uint32Array, sizes: Uint32Array, columns: number }} marks
 * @param {number} block
 */
export function fullest({ cells, sizes, columns }, block) {
  const best = new Map();
  for (let i = 0; i < cells.length; i++) {
    const key = Math.floor(cells[i] / columns / block) * columns + Math.floor((cells[i] % columns) / block);
    const before = best.get(key);
    if (before === undefined || sizes[i] > sizes[before]) best.set(key, i);
  }
  return [...best.values()];
}
