// The M-step of the four standard families: from scatters to covariances (Celeux & Govaert 1995, section 4).

/** What a family makes of the moments (see expectation.js), as xx, xy and yy (K x 3). @typedef {(counts: Float64Array, scatters: Float64Array, line: boolean) => Float64Array} Shaping */

/** Every component's own covariance. @type {Shaping} */
const own = (counts, scatters) => scatters.map((value, at) => value / counts[Math.floor(at / 3)]);

/** One covariance for all: what is within the components, averaged over all points. @type {Shaping} */
function pooled(counts, scatters) {
  const total = sum(counts);
  const shared = [0, 1, 2].map((entry) => sum(scatters.filter((_, at) => at % 3 === entry)) / total);
  return scatters.map((_, at) => shared[at % 3]);
}

/** Every component's own variances, along the axes. @type {Shaping} */
const alongAxes = (counts, scatters) =>
  scatters.map((value, at) => (at % 3 === 1 ? 0 : value / counts[Math.floor(at / 3)]));

/** Every component's own variance, the same in every direction. @type {Shaping} */
function round(counts, scatters, line) {
  return scatters.map((_, at) => {
    const j = Math.floor(at / 3);
    const variance = (scatters[3 * j] + scatters[3 * j + 2]) / (counts[j] * (line ? 1 : 2));
    return at % 3 === 1 ? 0 : variance;
  });
}

/** By the keys of gmm_core.FAMILIES. @type {Record<string, Shaping>} */
export const SHAPINGS = { full: own, tied: pooled, diag: alongAxes, spherical: round };

/**
 * Covariances (K x 3) of a family that fit the moments best, and `regCovar` more on every variance.
 * @param {string} family a key of SHAPINGS
 * @param {{ counts: Float64Array, scatters: Float64Array }} moments
 * @param {boolean} line what is across a line stays 1
 * @param {number} regCovar in squared units of the points
 */
export function covariancesOf(family, { counts, scatters }, line, regCovar) {
  const covariances = SHAPINGS[family](counts, scatters, line);
  for (let at = 0; at < covariances.length; at++) {
    if (line && at % 3) covariances[at] = at % 3 === 2 ? 1 : 0;
    else if (at % 3 !== 1) covariances[at] += regCovar;
  }
  return covariances;
}

/**
 * Shares (K) of the points; alike where components are to weigh the same.
 * @param {Float64Array} counts
 * @param {boolean} equal
 */
export function weightsOf(counts, equal) {
  const total = sum(counts);
  return counts.map((count) => (equal ? 1 / counts.length : count / total));
}

/** @param {Float64Array} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);
