import assert from "node:assert/strict";
import { test } from "node:test";

import { clustersAt, distancesFrom, mixClusters, nearest } from "../../ui/stage/static/model/clusters.js";
import { held, strongest, sureness } from "../../ui/stage/static/model/shares.js";
import { voronoiCells } from "../../ui/stage/static/model/voronoi.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { assertClose, columns, flat, messageBytes, oracle } from "./oracle.js";

const CLUSTERS = { weights: Float64Array.of(1, 1, 1), means: flat(oracle.shapes.means) };
const [X, Y] = columns(oracle.points);
const [x0, x1, y0, y1] = oracle.clusters.frame;

/** Twice the area that corners enclose. */
const area = (corners) =>
  corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0);

test("every point goes whole to the centre that gmm_core gives it", () => {
  const shares = nearest({ x: X, y: Y }, CLUSTERS);
  assertClose(held(shares, 3), oracle.clusters.counts);
  strongest(shares, 3).forEach((own, i) => {
    const distances = distancesFrom(X[i], Y[i], CLUSTERS);
    assert.equal(distances[own], Math.min(...distances));
  });
});

test("of two centres as near the first one takes the point", () => {
  const twins = { weights: Float64Array.of(1, 1), means: Float64Array.of(1, 0, -1, 0) };
  assert.deepEqual(Array.from(nearest({ x: [0], y: [5] }, twins)), [1, 0]);
});

test("the cells are gmm_core's", () => {
  const found = voronoiCells(CLUSTERS, { x0, x1, y0, y1 });
  found.forEach((corners, k) =>
    assertClose([Math.abs(area(corners))], [Math.abs(area(oracle.clusters.cells[k]))]),
  );
  const twins = voronoiCells({ means: Float64Array.of(0, 0, 0, 0, 1, 0) }, { x0, x1, y0, y1 });
  assertClose(twins.map(area).map(Math.abs), oracle.clusters.twins.map(area).map(Math.abs));
});

test("the cells fill the frame", () => {
  const areas = voronoiCells(CLUSTERS, { x0, x1, y0, y1 }).map((corners) => Math.abs(area(corners)));
  assertClose([areas.reduce((sum, each) => sum + each, 0)], [2 * (x1 - x0) * (y1 - y0)]);
});

test("each choice of radius has its own circles, as they were sent", () => {
  const [kmeans] = readRuns(messageBytes("comparison"));
  const { choices, components: k } = kmeans;
  for (const index of [0, 3]) {
    choices.radii.forEach(([name], row) => {
      const first = (index * choices.radii.length + row) * k;
      assert.deepEqual(Array.from(clustersAt(kmeans, index, name).radii), [first, first + 1, first + 2]);
    });
  }
  const [here, there] = [clustersAt(kmeans, 1, "rms"), clustersAt(kmeans, 3, "rms")];
  assertClose(
    mixClusters(here, there, 0.5).radii,
    [0, 1, 2].map((j) => (here.radii[j] + there.radii[j]) / 2),
  );
});

test("a point without a large share is torn, a cell as often as it has points", () => {
  const shares = [0.95, 0.05, 0.5, 0.5, 0.2, 0.8];
  const { mean, ...counts } = sureness(shares, 2, [1, 10, 4]);
  assert.deepEqual(counts, { total: 15, torn: 14 });
  assertClose([mean], [(0.95 + 5 + 3.2) / 15]);
  assert.deepEqual(Array.from(strongest(shares, 2)), [0, 0, 1]);
});
