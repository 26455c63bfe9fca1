// How much the points of a run weigh together.

/**
 * N of a run: how many points there are, or, where rows count more than once or less, what they count for. Where there
 * is noise, what it holds is known from the weight that the next step gave it.
 * @param {EMRun} run
 */
export function countedIn({ weighted, total, counts, components, states, noise }) {
  if (!weighted || !states) return total;
  const held = counts.subarray(0, components).reduce((sum, count) => sum + count, 0);
  return noise && states > 1 ? held / (1 - noise[1]) : held;
}
