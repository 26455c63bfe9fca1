// Levels of an ellipse, in sigma, and how much of a Gaussian lies within.

/** Terms of the series below, enough for levels up to 5. */
const TERMS = 60;

/**
 * The chi-square distribution with as many degrees of freedom as are drawn of the dimensions, one or two: erf(level /
 * sqrt 2) on a line, by its series, and 1 - exp(-level^2 / 2) in the plane.
 * @param {number} level
 * @param {number} dimensions
 */
export function massWithin(level, dimensions) {
  if (dimensions > 1) return 1 - Math.exp((-level * level) / 2);
  const x = level / Math.SQRT2;
  let sum = 0;
  for (let n = 0, power = x; n < TERMS; n++, power *= (-x * x) / n) sum += power / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/**
 * The one of the levels that is meant by a number an address may have rounded.
 * @param {number[]} levels
 * @param {number} level
 */
export const nearestLevel = (levels, level) =>
  levels.reduce((best, one) => (Math.abs(one - level) < Math.abs(best - level) ? one : best));
