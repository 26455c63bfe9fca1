// K-Means in the plane: whose a point is, where the cells of the centres end, and how large their circles are.

import { pictureAt } from "./timeline.js";

/** The choices of a circle's radius, in the order in which Python sends them. */
export const RADII = { rms: "Typical distance", most: "Hold 90% of points", farthest: "Farthest point" };

/** Weights (K), means (K x 2) and radii (K) of the clusters of picture `index`; radius 0 stands for none. */
export function clustersAt(run, index, radius) {
  const { iteration: t } = pictureAt(index);
  const k = run.components;
  run.clusters ??= new Map();
  const key = `${index} ${radius}`;
  // The same object each time: what was drawn for it need not be drawn again.
  if (!run.clusters.has(key)) {
    const row = (3 * index + Object.keys(RADII).indexOf(radius)) * k;
    run.clusters.set(key, {
      weights: run.weights.subarray(t * k, (t + 1) * k),
      means: run.means.subarray(2 * t * k, 2 * (t + 1) * k),
      radii: run.radii.subarray(row, row + k),
    });
  }
  return run.clusters.get(key);
}

/** Between two sets of clusters, `share` of the way. */
export function mixClusters(from, to, share) {
  const mix = (a, b) => Float64Array.from(a, (value, i) => value + share * (b[i] - value));
  return {
    weights: mix(from.weights, to.weights),
    means: mix(from.means, to.means),
    radii: mix(from.radii, to.radii),
  };
}

/** Shares, n x K in rows: 1 for the nearest centre, the first of equals, and 0 for the others. */
export function nearest(x, y, { means }) {
  const k = means.length / 2;
  const shares = new Float64Array(x.length * k);
  for (let i = 0; i < x.length; i++) {
    let best = 0;
    let least = Infinity;
    for (let j = 0; j < k; j++) {
      const [dx, dy] = [x[i] - means[2 * j], y[i] - means[2 * j + 1]];
      const distance = dx * dx + dy * dy;
      if (distance < least) [best, least] = [j, distance];
    }
    shares[i * k + best] = 1;
  }
  return shares;
}

/** The distance of one point from every centre. */
export const distancesFrom = (x, y, { means }) =>
  Array.from({ length: means.length / 2 }, (_, k) => Math.hypot(x - means[2 * k], y - means[2 * k + 1]));

/** The part of a frame nearer to each centre than to any other, as corners [x, y] in turn; empty outside it. */
export function cells({ means }, { x0, x1, y0, y1 }) {
  const centres = Array.from({ length: means.length / 2 }, (_, k) => [means[2 * k], means[2 * k + 1]]);
  return centres.map((own, k) =>
    centres.reduce(
      (polygon, other, j) => (j === k ? polygon : cut(polygon, own, other, j < k)),
      [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ],
    ),
  );
}

/** What is left of a convex polygon on the side of `own`; a centre on the very place of an earlier one has nothing. */
function cut(polygon, own, other, otherIsFirst) {
  const [nx, ny] = [other[0] - own[0], other[1] - own[1]];
  if (nx === 0 && ny === 0) return otherIsFirst ? [] : polygon;
  const [mx, my] = [(own[0] + other[0]) / 2, (own[1] + other[1]) / 2];
  const beyond = polygon.map(([x, y]) => (x - mx) * nx + (y - my) * ny);
  const kept = [];
  polygon.forEach((corner, i) => {
    const next = (i + 1) % polygon.length;
    if (beyond[i] <= 0) kept.push(corner);
    if (beyond[i] < 0 !== beyond[next] < 0 && beyond[i] !== beyond[next]) {
      const share = beyond[i] / (beyond[i] - beyond[next]);
      kept.push(corner.map((value, axis) => value + share * (polygon[next][axis] - value)));
    }
  });
  return kept;
}
