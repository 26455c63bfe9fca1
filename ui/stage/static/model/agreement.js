// How far labels agree: which points two sides put into different components, and both with the truth.

/**
 * Indices at which two rows of labels differ.
 * @param {ArrayLike<number>} labels
 * @param {ArrayLike<number>} others
 */
export function differing(labels, others) {
  /** @type {number[]} */
  const found = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] !== others[i]) found.push(i);
  return found;
}

/**
 * Points of each kind of `truth` (0 to kinds - 1, a negative one being a kind of its own) in each of k components.
 * @param {ArrayLike<number>} truth
 * @param {number} kinds
 * @param {ArrayLike<number>} labels
 * @param {number} k
 */
function contingency(truth, kinds, labels, k) {
  const table = Array.from({ length: kinds + 1 }, () => new Float64Array(k));
  for (let i = 0; i < truth.length; i++) table[truth[i] < 0 ? kinds : truth[i]][labels[i]]++;
  return table;
}

/** @param {number} count */
const pairs = (count) => (count * (count - 1)) / 2;

/** @param {number[] | Float64Array} values */
function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * The adjusted Rand index of Hubert & Arabie (1985): 1 for the same division, 0 on average for a random one.
 * @param {Float64Array[]} table
 */
function adjustedRandIndex(table) {
  const rows = table.map(sum);
  const columns = Array.from(table[0], (_, j) => sum(table.map((row) => row[j])));
  const together = sum(table.map((row) => sum(Array.from(row, pairs))));
  const [mine, theirs] = [sum(rows.map(pairs)), sum(columns.map(pairs))];
  const chance = (mine * theirs) / pairs(sum(rows));
  const most = (mine + theirs) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

/**
 * For each row of a table the column that it is paired with, -1 where it has none: the pairs, no two of one column, have
 * the largest total that there is.
 * @param {Float64Array[]} table
 * @returns {number[]}
 */
export function matched(table) {
  const k = table[0]?.length ?? 0;
  // The best pairs for every set of columns that the rows so far may have taken.
  let best = new Map([[0, { total: 0, pairs: /** @type {number[]} */ ([]) }]]);
  for (const row of table) {
    const next = new Map();
    for (const [taken, { total, pairs }] of best) {
      for (let j = -1; j < k; j++) {
        const set = j < 0 ? taken : taken | (1 << j);
        if (j >= 0 && set === taken) continue;
        const found = total + (j < 0 ? 0 : row[j]);
        if (found > (next.get(set)?.total ?? -1)) next.set(set, { total: found, pairs: [...pairs, j] });
      }
    }
    best = next;
  }
  return [...best.values()].reduce((most, one) => (one.total > most.total ? one : most)).pairs;
}

/**
 * The largest share of points that a one-to-one naming of components by kinds gets right.
 * @param {Float64Array[]} table
 */
function matchedAccuracy(table) {
  const right = matched(table).map((j, row) => (j < 0 ? 0 : table[row][j]));
  return sum(right) / sum(table.map(sum));
}

/**
 * Adjusted Rand index and matched accuracy of labels from 0 to k - 1 against the truth: of all points where
 * those of no kind are a group of their own (`isGroup`), else of the others alone. Null where that is none.
 * @param {ArrayLike<number>} truth
 * @param {number} kinds
 * @param {ArrayLike<number>} labels
 * @param {number} k
 * @param {boolean} isGroup
 */
export function agreement(truth, kinds, labels, k, isGroup) {
  const table = contingency(truth, kinds, labels, k);
  const named = table.slice(0, kinds);
  const [all, inKinds] = [truth.length, sum(named.map(sum))];
  if (!(isGroup ? all : inKinds)) return null;
  // What belongs to no kind can be named by none.
  const right = inKinds ? matchedAccuracy(named) * inKinds : 0;
  return isGroup
    ? { index: adjustedRandIndex(table), accuracy: right / all }
    : { index: adjustedRandIndex(named), accuracy: right / inKinds };
}
