// A mixture in the plane: that of a state, what lies between two, and what it holds of the points.

import { columnsAt, evaluateIn, squaredDistanceIn, withTerms } from "./columns.js";
import { choleskyOf, evaluate, squaredDistance, withAnswers, withLogJoint } from "./log-joint.js";
import { remembering } from "./remembering.js";

/**
 * State t's mixture.
 * @type {(run: EMRun, t: number) => Mixture}
 */
export const mixtureAt = remembering((run, t) => {
  const k = run.components;
  const shapes = {
    weights: run.weights.subarray(t * k, (t + 1) * k),
    means: run.means.subarray(2 * t * k, 2 * (t + 1) * k),
    covariances: run.covariances.subarray(3 * t * k, 3 * (t + 1) * k),
    line: run.dimensions === 1,
  };
  if (run.whole) return pairOfColumns(run, t, shapes);
  if (!run.constants || !run.whiteners) return withLogJoint(shapes);
  return {
    ...shapes,
    constants: run.constants.subarray(t * k, (t + 1) * k),
    whiteners: run.whiteners.subarray(3 * t * k, 3 * (t + 1) * k),
    ...(run.probabilities && {
      probabilities: run.probabilities.subarray(t * k, (t + 1) * k),
      logFailures: run.log_failures?.subarray(t * k, (t + 1) * k),
      logSuccesses: run.log_successes?.subarray(t * k, (t + 1) * k),
    }),
    ...(run.log_noise && { logNoise: run.log_noise[t], noise: run.noise?.[t], volume: run.noise_volume }),
    ...(run.temperatures && { temperature: run.temperatures[t] }),
    fading: run.algorithm === "variational",
  };
});

/**
 * State t's mixture in the pair of columns that is shown, which is all that backgrounds know, with that in all columns.
 * @param {EMRun} run
 * @param {number} t
 * @param {Shapes} shapes
 * @returns {Mixture}
 */
const pairOfColumns = (run, t, shapes) => ({
  ...withLogJoint(shapes),
  ...(run.probabilities && {
    probabilities: run.probabilities.subarray(t * shapes.weights.length, (t + 1) * shapes.weights.length),
  }),
  // Noise is spread over the rectangle of the pair as it is over the box of all columns.
  ...(run.noise && {
    logNoise: Math.log(run.noise[t] / (run.area ?? 1)),
    noise: run.noise[t],
    volume: run.noise_volume,
  }),
  ...(run.temperatures && { temperature: run.temperatures[t] }),
  fading: run.algorithm === "variational",
  columns: columnsAt(run, t),
});

/**
 * Between two mixtures of as many components, `share` of the way; a mix of covariances is a covariance.
 * @param {Mixture} from
 * @param {Mixture} to
 * @param {number} share
 * @returns {Mixture}
 */
export const between = (from, to, share) => ({
  ...to,
  ...withLogJoint({
    weights: mix(from.weights, to.weights, share),
    means: mix(from.means, to.means, share),
    covariances: mix(from.covariances, to.covariances, share),
    line: to.line,
  }),
  ...(from.probabilities &&
    to.probabilities &&
    withAnswers(mix(from.probabilities, to.probabilities, share))),
  ...(from.columns && to.columns && betweenColumns(from, to, share)),
});

/**
 * @param {Mixture} from
 * @param {Mixture} to
 * @param {number} share
 */
function betweenColumns(from, to, share) {
  const [here, there] = [/** @type {Columns} */ (from.columns), /** @type {Columns} */ (to.columns)];
  const moved = {
    ...there,
    means: mix(here.means, there.means, share),
    covariances: mix(here.covariances, there.covariances, share),
  };
  const answers =
    from.probabilities && to.probabilities && withAnswers(mix(from.probabilities, to.probabilities, share));
  // Backgrounds of a pair of columns do not ask for an answer.
  const silent = { logFailures: undefined, logSuccesses: undefined };
  return {
    ...silent,
    columns: {
      ...withTerms(moved, mix(from.weights, to.weights, share)),
      ...(answers && { logFailures: answers.logFailures, logSuccesses: answers.logSuccesses }),
    },
  };
}

/**
 * @param {Float64Array} from
 * @param {Float64Array} to
 * @param {number} share
 */
export const mix = (from, to, share) => from.map((value, i) => value + share * (to[i] - value));

/**
 * The mixture of the parameters as they stand, by whose density points are drawn: the variational algorithm shares
 * points out by expected logarithms instead.
 * @param {Mixture} mixture
 * @param {{ noise_volume: number | null }} run
 * @returns {Mixture}
 */
export const plainMixture = (mixture, { noise_volume: volume }) => ({
  ...mixture,
  ...withLogJoint(mixture),
  ...(mixture.noise !== undefined && volume && { logNoise: Math.log(mixture.noise) - Math.log(volume) }),
  ...(mixture.probabilities && withAnswers(mixture.probabilities)),
});

/** To noise a one is as likely as a zero. */
const EVEN = 0.5;

/**
 * For one point: weight, density, the chance of its `answer` (null where there is no yes/no column, and then 1), their
 * product and the responsibility of every component, and below them of the noise where there is any.
 * @param {number} x
 * @param {number} y
 * @param {number | null} answer
 * @param {Mixture} mixture
 * @param {Float64Array | null} [all] its numbers in all columns, where there are more than two
 */
export function explainPoint(x, y, answer, mixture, all) {
  const { columns, noise } = mixture;
  const answers = answer === null ? null : [answer];
  const whole = columns && all ? columns : null;
  const { responsibilities, logDensities } =
    whole && all ? evaluateIn(all, whole, answers) : evaluate([x], [y], mixture, answers);
  const { constants, logFailures, logSuccesses, logNoise } = whole ?? mixture;
  /** @param {number} k */
  const distance = (k) =>
    whole && all ? squaredDistanceIn(whole, k, all, 0) : squaredDistance(mixture, k, x, y);
  const logChances = answer === null ? null : answer ? logSuccesses : logFailures;
  const parts = Array.from(mixture.weights, (weight, k) => {
    const logJoint = constants[k] - 0.5 * distance(k);
    const logChance = logChances ? logChances[k] : 0;
    return {
      weight,
      density: Math.exp(logJoint - Math.log(weight)),
      chance: Math.exp(logChance),
      joint: Math.exp(logJoint + logChance),
      responsibility: responsibilities[k],
    };
  });
  if (logNoise !== undefined && noise !== undefined) {
    const joint = Math.exp(logNoise);
    const chance = answer === null ? 1 : EVEN;
    const responsibility = responsibilities[parts.length];
    // Noise that has lost all its weight is as dense as it was.
    const dense = noise ? joint / noise : 1 / (mixture.volume ?? NaN);
    parts.push({ weight: noise, density: dense / chance, chance, joint, responsibility });
  }
  return { parts, logDensity: logDensities[0] };
}

/**
 * What each component holds of the points, as Python's Moments: counts (K), means (K x 2), scatters (K x 3).
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @param {Mixture} mixture
 */
export function momentsOf(x, y, mixture) {
  const k = mixture.weights.length;
  const { responsibilities } = evaluate(x, y, mixture);
  const [counts, means, scatters] = [1, 2, 3].map((numbers) => new Float64Array(numbers * k));
  /** @param {(j: number, share: number, i: number) => void} add */
  const everyShare = (add) => responsibilities.forEach((share, at) => add(at % k, share, Math.floor(at / k)));
  everyShare((j, share, i) => {
    counts[j] += share;
    means[2 * j] += share * x[i];
    means[2 * j + 1] += share * y[i];
  });
  for (let j = 0; j < 2 * k; j++) means[j] /= counts[j >> 1];
  everyShare((j, share, i) => {
    const [dx, dy] = [x[i] - means[2 * j], y[i] - means[2 * j + 1]];
    [dx * dx, dx * dy, dy * dy].forEach((product, d) => (scatters[3 * j + d] += share * product));
  });
  return { counts, moment_means: means, scatters };
}

/**
 * Of all that the components hold of the points, the share within `level` sigma; a cell counts as many points as
 * its size.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {ArrayLike<number>} responsibilities (N x R)
 * @param {Mixture} mixture
 * @param {number} level
 * @param {ArrayLike<number>} [sizes] (N)
 */
export function coverage(x, y, responsibilities, mixture, level, sizes) {
  const k = mixture.weights.length;
  const rows = responsibilities.length / x.length;
  let within = 0;
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    const count = sizes ? sizes[i] : 1;
    total += count * (rows > k ? 1 - responsibilities[i * rows + k] : 1);
    for (let j = 0; j < k; j++) {
      if (squaredDistance(mixture, j, x[i], y[i]) <= level * level)
        within += count * responsibilities[i * rows + j];
    }
  }
  return total ? within / total : 0;
}

/** A component of less weight fades, where any fade. */
const FADING = 0.02;

/**
 * How much of component k is seen, from 0 to 1: where components may be superfluous, what holds next to nothing
 * fades away.
 * @param {Components} components
 * @param {number} k
 */
export const presence = ({ weights, fading }, k) => (fading ? Math.min(1, weights[k] / FADING) : 1);

/** Below it nothing is seen. */
export const UNSEEN = 0.05;

/** A component with fewer points is not active, as in gmm_core.variational. */
const ONE_POINT = 1;

/**
 * How many components hold more than one point at state t.
 * @param {EMRun} run
 * @param {number} t
 */
export function activeAt({ counts, components }, t) {
  return counts.subarray(t * components, (t + 1) * components).filter((count) => count > ONE_POINT).length;
}

/** How finely a component's mass is cut up for its levels: in angle, and in the distribution of the radius. */
const TURNS = 24;
const RADII = 24;

/**
 * The log-densities that enclose the given shares of the mixture's mass, whatever part is in view; that of noise, which
 * is as dense everywhere, is left out.
 * @param {Mixture} mixture
 * @param {number[]} shares rising
 */
export function massLevels(mixture, shares) {
  const { x, y, weights } = equalPieces(mixture);
  const { logDensities } = evaluate(x, y, mixture);
  const order = Array.from(logDensities.keys()).sort((i, j) => logDensities[j] - logDensities[i]);
  /** @type {number[]} */
  const levels = [];
  const total = mixture.weights.reduce((sum, weight) => sum + weight, 0);
  let held = 0;
  for (const i of order) {
    held += weights[i] / total;
    while (levels.length < shares.length && held >= shares[levels.length] - 1e-9)
      levels.push(logDensities[i]);
  }
  return levels;
}

/**
 * Places that stand for equal pieces of each component, and what each of them weighs.
 * @param {Shapes} shapes
 */
function equalPieces({ weights, means, covariances }) {
  const pieces = {
    x: /** @type {number[]} */ ([]),
    y: /** @type {number[]} */ ([]),
    weights: /** @type {number[]} */ ([]),
  };
  for (let k = 0; k < weights.length; k++) {
    const [l11, l21, l22] = choleskyOf(covariances, k);
    for (let a = 0; a < TURNS; a++) {
      for (let b = 0; b < RADII; b++) {
        const radius = Math.sqrt(-2 * Math.log(1 - (b + 0.5) / RADII));
        const angle = (2 * Math.PI * (a + b / RADII)) / TURNS;
        const u = radius * Math.cos(angle);
        const v = radius * Math.sin(angle);
        pieces.x.push(means[2 * k] + l11 * u);
        pieces.y.push(means[2 * k + 1] + l21 * u + l22 * v);
        pieces.weights.push(weights[k] / (TURNS * RADII));
      }
    }
  }
  return pieces;
}
