// Who has the largest share of a point, and how far points belong to one component alone.

/**
 * The index of the largest of each row of N x K shares, the first of equals.
 * @param {ArrayLike<number>} shares
 * @param {number} k
 */
export function strongest(shares, k) {
  const out = new Int32Array(shares.length / k);
  for (let i = 0; i < out.length; i++) {
    let best = 0;
    for (let j = 1; j < k; j++) if (shares[i * k + j] > shares[i * k + best]) best = j;
    out[i] = best;
  }
  return out;
}

/** A point whose largest share is below this belongs to no component alone. */
export const SURE = 0.9;

/**
 * Of marks that stand for sizes[i] points each: how many points they are, the mean of their largest shares, and
 * how many points are torn, with no share of SURE.
 * @param {ArrayLike<number>} shares (N x K)
 * @param {number} k
 * @param {ArrayLike<number>} [sizes]
 */
export function sureness(shares, k, sizes) {
  const best = strongest(shares, k);
  let total = 0;
  let sum = 0;
  let torn = 0;
  for (let i = 0; i < best.length; i++) {
    const share = shares[i * k + best[i]];
    const size = sizes?.[i] ?? 1;
    total += size;
    sum += size * share;
    if (share < SURE) torn += size;
  }
  return { total, mean: sum / total, torn };
}

/**
 * How many points each of k components holds whole.
 * @param {ArrayLike<number>} shares (N x K)
 * @param {number} k
 * @param {ArrayLike<number>} [sizes]
 */
export function held(shares, k, sizes) {
  const counts = new Float64Array(k);
  strongest(shares, k).forEach((j, i) => (counts[j] += sizes?.[i] ?? 1));
  return counts;
}
