// Levels of an ellipse, in sigma, and how much of a Gaussian in the plane lies within.

/**
 * 1 - exp(-level^2 / 2): the chi-square distribution with two degrees of freedom.
 * @param {number} level
 */
export const massWithin = (level) => 1 - Math.exp((-level * level) / 2);

/**
 * The one of the levels that is meant by a number an address may have rounded.
 * @param {number[]} levels
 * @param {number} level
 */
export const nearestLevel = (levels, level) =>
  levels.reduce((best, one) => (Math.abs(one - level) < Math.abs(best - level) ? one : best));
