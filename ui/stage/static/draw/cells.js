// Too many points to draw one by one: the cells of a grid over the picture, each with its count.

/** Edge of a cell, in CSS pixels. */
export const CELL = 3;

/**
 * The cells that hold points of a run, in a frame: their numbers along rows of `columns`, how many points each holds
 * (sizes), the mean of those points, in data units, and the label most of them have, if labels are known. Where there
 * is a yes/no column, the zeros and the ones in a cell are two marks, one after the other.
 * @param {{ x: Float64Array, y: Float64Array, heights?: Float64Array, labels?: Int32Array, binary?: Uint8Array,
 *   label_names: string[], whole?: Whole | null, dimensions?: number }} run
 * @param {Frame} frame
 */
export function gather({ x, y, heights, labels, binary, label_names, whole, dimensions = 2 }, frame) {
  const upwards = heights ?? y;
  const columns = Math.ceil(frame.width / CELL);
  const rows = Math.ceil(frame.height / CELL);
  const values = binary ? 2 : 1;
  const kinds = label_names.length;
  const places = values * columns * rows;
  const counts = new Uint32Array(places);
  const sumX = new Float64Array(places);
  const sumY = new Float64Array(places);
  const placeOf = whole ? new Int32Array(x.length).fill(-1) : null;
  const tally = labels ? new Uint32Array(places * (kinds + 1)) : null;
  const perX = (columns / (frame.x1 - frame.x0)) * (frame.width / (columns * CELL));
  const perY = (rows / (frame.y1 - frame.y0)) * (frame.height / (rows * CELL));
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((x[i] - frame.x0) * perX);
    const row = Math.floor((frame.y1 - upwards[i]) * perY);
    if (column < 0 || column >= columns || row < 0 || row >= rows) continue;
    const place = values * (row * columns + column) + (binary ? binary[i] : 0);
    counts[place]++;
    if (placeOf) placeOf[i] = place;
    sumX[place] += x[i] - frame.x0;
    sumY[place] += upwards[i] - frame.y0;
    if (tally && labels) tally[place * (kinds + 1) + (labels[i] < 0 ? kinds : labels[i])]++;
  }
  const held = heldPlaces(counts);
  const drawn = Float64Array.from(held, (place) => frame.y0 + sumY[place] / counts[place]);
  return {
    columns,
    cells: held.map((place) => Math.floor(place / values)),
    binary: binary ? Uint8Array.from(held, (place) => place % 2) : null,
    sizes: held.map((place) => counts[place]),
    x: Float64Array.from(held, (place) => frame.x0 + sumX[place] / counts[place]),
    y: heights ? new Float64Array(held.length) : drawn,
    upwards: drawn,
    labels: tally && mostCommon(tally, held, kinds),
    all: whole && placeOf ? speakers(whole.points, dimensions, placeOf, held, counts) : null,
  };
}

/** So many points speak for all cells together: as many as are drawn one by one. */
const MOST_SPEAKERS = 50_000;

/** And no more for one. */
const MOST_OF_A_CELL = 8;

/**
 * Some of the points of every cell, drawn at random and always the same ones: in more than two columns the points of a
 * cell may be unlike, so that no place between them stands for all.
 * @param {Float64Array} points (N x D)
 * @param {number} d
 * @param {Int32Array} placeOf the place (N) of each, -1 for out of sight
 * @param {Uint32Array} held the places in order
 * @param {Uint32Array} counts by place
 * @returns {{ points: Float64Array, owners: Uint32Array }}
 */
function speakers(points, d, placeOf, held, counts) {
  const most = Math.max(1, Math.min(MOST_OF_A_CELL, Math.floor(MOST_SPEAKERS / Math.max(1, held.length))));
  const begins = new Uint32Array(counts.length);
  let total = 0;
  for (const place of held) {
    begins[place] = total;
    total += Math.min(most, counts[place]);
  }
  const chosen = new Uint32Array(total);
  const seen = new Uint32Array(counts.length);
  let random = 1;
  for (let i = 0; i < placeOf.length; i++) {
    const place = placeOf[i];
    if (place < 0) continue;
    const before = seen[place]++;
    if (before < most) chosen[begins[place] + before] = i;
    else {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const slot = Math.floor((random / 2 ** 32) * (before + 1));
      if (slot < most) chosen[begins[place] + slot] = i;
    }
  }
  const spoken = new Float64Array(total * d);
  const owners = new Uint32Array(total);
  held.forEach((place, mark) => {
    const end = begins[place] + Math.min(most, counts[place]);
    for (let at = begins[place]; at < end; at++) {
      owners[at] = mark;
      spoken.set(points.subarray(chosen[at] * d, (chosen[at] + 1) * d), at * d);
    }
  });
  return { points: spoken, owners };
}

/**
 * The places whose count is not 0.
 * @param {Uint32Array} counts
 */
function heldPlaces(counts) {
  let held = 0;
  for (let place = 0; place < counts.length; place++) if (counts[place]) held++;
  const places = new Uint32Array(held);
  for (let place = 0, at = 0; place < counts.length; place++) if (counts[place]) places[at++] = place;
  return places;
}

/**
 * @param {Uint32Array} tally
 * @param {Uint32Array} places
 * @param {number} kinds
 */
function mostCommon(tally, places, kinds) {
  return Int32Array.from(places, (place) => {
    const at = place * (kinds + 1);
    let best = kinds;
    for (let kind = 0; kind < kinds; kind++) if (tally[at + kind] > tally[at + best]) best = kind;
    return best === kinds ? -1 : best;
  });
}

/**
 * Marks of which two that follow each other may be of one cell, as cells: the first mark of each, and its size in all.
 * @param {Uint32Array} cells
 * @param {Uint32Array} sizes
 */
export function grouped(cells, sizes) {
  const first = Uint32Array.from(cells.keys()).filter((i) => i === 0 || cells[i] !== cells[i - 1]);
  return {
    first,
    cells: first.map((i) => cells[i]),
    sizes: first.map((i) => sizes[i] + (cells[i + 1] === cells[i] ? sizes[i + 1] : 0)),
  };
}

/**
 * The colours (n x 3) of cells, each mixed of those of its marks by their sizes.
 * @param {Uint8Array} bytes of the marks
 * @param {Uint32Array} sizes of the marks
 * @param {{ first: Uint32Array, sizes: Uint32Array }} group
 */
export function mixed(bytes, sizes, group) {
  const colours = new Uint8Array(3 * group.first.length);
  group.first.forEach((i, at) => {
    const share = 1 - sizes[i] / group.sizes[at];
    for (let part = 0; part < 3; part++) {
      const [one, other] = [bytes[3 * i + part], bytes[3 * i + 3 + part]];
      colours[3 * at + part] = share ? Math.round(one + share * (other - one)) : one;
    }
  });
  return colours;
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
