// K-Means in the plane: the clusters of a picture, what lies between two, and whose a point is.

import { mix } from "./mixture.js";
import { remembering } from "./remembering.js";
import { pictureAt } from "./timeline.js";

/**
 * The clusters of picture `index`, with the circles of a choice of radius.
 * @type {(run: KMeansRun, index: number, radius: string) => Clusters}
 */
export const clustersAt = remembering((run, index, radius) => {
  const { iteration: t } = pictureAt(index);
  const { components: k, choices } = run;
  const choice = choices.radii.findIndex(([name]) => name === radius);
  const row = (choices.radii.length * index + choice) * k;
  return {
    weights: run.weights.subarray(t * k, (t + 1) * k),
    means: run.means.subarray(2 * t * k, 2 * (t + 1) * k),
    radii: run.radii.subarray(row, row + k),
  };
});

/**
 * Between two sets of clusters, `share` of the way.
 * @param {Clusters} from
 * @param {Clusters} to
 * @param {number} share
 * @returns {Clusters}
 */
export const mixClusters = (from, to, share) => ({
  weights: mix(from.weights, to.weights, share),
  means: mix(from.means, to.means, share),
  radii: mix(from.radii, to.radii, share),
});

/**
 * Shares, N x K in rows: 1 for the nearest centre, the first of equals, and 0 for the others.
 * @param {Places} points
 * @param {Components} clusters
 */
export function nearest({ x, y }, { means }) {
  const k = means.length / 2;
  const shares = new Float64Array(x.length * k);
  for (let i = 0; i < x.length; i++) {
    let best = 0;
    let least = Infinity;
    for (let j = 0; j < k; j++) {
      const dx = x[i] - means[2 * j];
      const dy = y[i] - means[2 * j + 1];
      const distance = dx * dx + dy * dy;
      if (distance < least) {
        best = j;
        least = distance;
      }
    }
    shares[i * k + best] = 1;
  }
  return shares;
}

/**
 * The distance of one point from every centre.
 * @param {number} x
 * @param {number} y
 * @param {Components} clusters
 */
export const distancesFrom = (x, y, { means }) =>
  Array.from({ length: means.length / 2 }, (_, k) => Math.hypot(x - means[2 * k], y - means[2 * k + 1]));
