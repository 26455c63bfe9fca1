// Densities and responsibilities of a mixture in the plane. The browser evaluates them to paint and to
// answer questions about a point; a test holds them against gmm_core.

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Each component's constant, mean and inverse Cholesky factor, five numbers and a constant in a row. */
export function prepare({ weights, means, covariances }) {
  const rows = new Float64Array(6 * weights.length);
  for (let k = 0; k < weights.length; k++) {
    const [xx, xy, yy] = covariances.subarray(3 * k, 3 * k + 3);
    const l11 = Math.sqrt(xx);
    const l21 = xy / l11;
    const l22 = Math.sqrt(yy - l21 * l21);
    rows[6 * k] = Math.log(weights[k]) - Math.log(l11) - Math.log(l22) - LOG_TWO_PI;
    rows.set([means[2 * k], means[2 * k + 1], 1 / l11, l21 / l11, 1 / l22], 6 * k + 1);
  }
  return rows;
}

/** The squared Mahalanobis distance of (x, y) from the component whose row begins at `at`. */
function squaredDistance(rows, at, x, y) {
  const dx = x - rows[at + 1];
  const u = dx * rows[at + 3];
  const v = (y - rows[at + 2] - dx * rows[at + 4]) * rows[at + 5];
  return u * u + v * v;
}

/** Responsibilities, n x K in rows, and the log-density of each point, in nats. */
export function evaluate(x, y, mixture) {
  const rows = prepare(mixture);
  const n = x.length;
  const k = mixture.weights.length;
  const responsibilities = new Float64Array(n * k);
  const logDensities = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++, at += k) {
    let largest = -Infinity;
    for (let j = 0; j < k; j++) {
      const value = rows[6 * j] - 0.5 * squaredDistance(rows, 6 * j, x[i], y[i]);
      responsibilities[at + j] = value;
      if (value > largest) largest = value;
    }
    let total = 0;
    for (let j = 0; j < k; j++) {
      const share = Math.exp(responsibilities[at + j] - largest);
      responsibilities[at + j] = share;
      total += share;
    }
    for (let j = 0; j < k; j++) responsibilities[at + j] /= total;
    logDensities[i] = largest + Math.log(total);
  }
  return { responsibilities, logDensities };
}

/** For one point: weight, density, their product and the responsibility of every component. */
export function explainPoint(x, y, mixture) {
  const rows = prepare(mixture);
  const parts = Array.from(mixture.weights, (weight, k) => {
    const logJoint = rows[6 * k] - 0.5 * squaredDistance(rows, 6 * k, x, y);
    return { weight, logJoint, density: Math.exp(logJoint - Math.log(weight)) };
  });
  const { responsibilities, logDensities } = evaluate([x], [y], mixture);
  return {
    parts: parts.map((part, k) => ({
      ...part,
      joint: Math.exp(part.logJoint),
      responsibility: responsibilities[k],
    })),
    logDensity: logDensities[0],
  };
}

/** What each component holds of the points, as Python's Moments: counts (K), means (K x 2), scatters (K x 3). */
export function momentsOf(x, y, mixture) {
  const k = mixture.weights.length;
  const { responsibilities } = evaluate(x, y, mixture);
  const [counts, means, scatters] = [1, 2, 3].map((numbers) => new Float64Array(numbers * k));
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

/** Of all that the components hold of the points, the share within `level` sigma; a cell counts as
 * many points as its size. */
export function coverage(x, y, responsibilities, mixture, level, sizes) {
  const rows = prepare(mixture);
  const k = mixture.weights.length;
  let within = 0;
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    const count = sizes ? sizes[i] : 1;
    total += count;
    for (let j = 0; j < k; j++) {
      if (squaredDistance(rows, 6 * j, x[i], y[i]) <= level * level)
        within += count * responsibilities[i * k + j];
    }
  }
  return total ? within / total : 0;
}

/** Between two mixtures of as many components, `share` of the way; a mix of covariances is a covariance. */
export function between(from, to, share) {
  const mix = (a, b) => Float64Array.from(a, (value, i) => value + share * (b[i] - value));
  return {
    weights: mix(from.weights, to.weights),
    means: mix(from.means, to.means),
    covariances: mix(from.covariances, to.covariances),
  };
}

/** The log-densities that enclose the given shares of the mixture's mass, whatever part is in view. */
export function massLevels(mixture, shares) {
  const turns = 24;
  const radii = 24;
  const x = [];
  const y = [];
  const weights = [];
  for (let k = 0; k < mixture.weights.length; k++) {
    const [xx, xy, yy] = mixture.covariances.subarray(3 * k, 3 * k + 3);
    const l11 = Math.sqrt(xx);
    const l21 = xy / l11;
    const l22 = Math.sqrt(yy - l21 * l21);
    for (let a = 0; a < turns; a++) {
      for (let b = 0; b < radii; b++) {
        // Equal shares of a Gaussian: even in angle, and in the distribution of the radius.
        const radius = Math.sqrt(-2 * Math.log(1 - (b + 0.5) / radii));
        const angle = (2 * Math.PI * (a + b / radii)) / turns;
        const u = radius * Math.cos(angle);
        const v = radius * Math.sin(angle);
        x.push(mixture.means[2 * k] + l11 * u);
        y.push(mixture.means[2 * k + 1] + l21 * u + l22 * v);
        weights.push(mixture.weights[k] / (turns * radii));
      }
    }
  }
  const { logDensities } = evaluate(x, y, mixture);
  const order = Array.from(logDensities.keys()).sort((i, j) => logDensities[j] - logDensities[i]);
  const levels = [];
  let held = 0;
  for (const i of order) {
    held += weights[i];
    while (levels.length < shares.length && held >= shares[levels.length] - 1e-9)
      levels.push(logDensities[i]);
  }
  return levels;
}
