import assert from "node:assert/strict";
import { test } from "node:test";

import { withAnswers, withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import { noiseRegion } from "../../ui/stage/static/model/noise-region.js";
import { PER_POINT, numbersOf, sampleOf } from "../../ui/stage/static/model/sampling.js";
import { assertClose, columns, flat, oracle } from "./oracle.js";

const [X, Y] = columns(oracle.points);
const REGION = noiseRegion({ x: X, y: Y, dimensions: 2 });
const N = 40_000;
const NUMBERS = numbersOf(N);

const { weights, means, covariances } = oracle.shapes;
const MIXTURE = withLogJoint({
  weights: flat(weights),
  means: flat(means),
  covariances: flat(covariances),
});

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Five standard errors of a mean of N numbers of this variance. */
const within = (variance, n = N) => 5 * Math.sqrt(variance / n);

test("a sample has the weights, the means and the covariances of its mixture", () => {
  const { x, y, from } = sampleOf(MIXTURE, NUMBERS, REGION);
  for (let k = 0; k < 3; k++) {
    const of = Array.from(from.keys()).filter((i) => from[i] === k);
    assertClose([of.length / N], [weights[k]], within(weights[k] * (1 - weights[k])));
    const [xx, xy, yy] = covariances[k];
    const [dx, dy] = [of.map((i) => x[i] - means[k][0]), of.map((i) => y[i] - means[k][1])];
    assertClose([mean(dx), mean(dy)], [0, 0], within(Math.max(xx, yy), of.length));
    const found = [dx.map((d) => d * d), dx.map((d, i) => d * dy[i]), dy.map((d) => d * d)].map(mean);
    assertClose(found, [xx, xy, yy], within(2 * Math.max(xx, yy) ** 2, of.length));
  }
});

test("every point has its numbers whatever the mixture and however many points there are", () => {
  assert.deepEqual(numbersOf(10), NUMBERS.subarray(0, 10 * PER_POINT));
  const moved = { ...MIXTURE, means: MIXTURE.means.map((value, i) => value + (i % 2 ? 1 : 3)) };
  const [here, there] = [MIXTURE, moved].map((mixture) => sampleOf(mixture, NUMBERS, REGION));
  assert.deepEqual(here.from, there.from);
  assertClose(
    there.x,
    here.x.map((value) => value + 3),
  );
  assertClose(
    there.y,
    here.y.map((value) => value + 1),
  );
});

test("noise fills its region evenly and answers either way; components answer by their probabilities", () => {
  const noisy = {
    ...MIXTURE,
    weights: MIXTURE.weights.map((weight) => 0.6 * weight),
    noise: 0.4,
    ...withAnswers(Float64Array.of(0.1, 0.5, 0.9)),
  };
  const region = { corner: [1, 2], edges: [[3, 1], [-1, 2]] }; // prettier-ignore
  const { x, y, binary, from } = sampleOf(noisy, NUMBERS, region);
  for (let k = -1; k < 3; k++) {
    const of = Array.from(from.keys()).filter((i) => from[i] === k);
    assertClose([of.length / N], [k < 0 ? 0.4 : noisy.weights[k]], within(0.25));
    const yes = k < 0 ? 0.5 : noisy.probabilities[k];
    assertClose([mean(of.map((i) => binary[i]))], [yes], within(0.25, of.length));
  }
  const lost = Array.from(from.keys()).filter((i) => from[i] < 0);
  const places = lost.map((i) => {
    const [dx, dy] = [x[i] - 1, y[i] - 2];
    return [(2 * dx + dy) / 7, (-dx + 3 * dy) / 7];
  });
  assert.ok(places.flat().every((share) => share >= 0 && share <= 1));
  for (const axis of [0, 1]) {
    for (const quarter of [0.25, 0.5, 0.75]) {
      const below = mean(places.map((place) => Number(place[axis] < quarter)));
      assertClose([below], [quarter], within(0.25, lost.length));
    }
  }
});

test("on a line nothing lies beside it", () => {
  const line = { ...MIXTURE, line: true };
  const { x, y } = sampleOf(line, NUMBERS, REGION);
  assert.ok(y.every((value) => value === 0));
  const average = weights.reduce((sum, weight, k) => sum + weight * means[k][0], 0);
  assertClose([mean(x)], [average], within(4));
});

test("the region of the noise is the one that Python measures", () => {
  for (const { points, corner, edges } of oracle.noise_regions) {
    const dimensions = points[0].length;
    const x = Float64Array.from(points, (row) => row[0]);
    const y = Float64Array.from(points, (row) => row[1] ?? 0);
    const found = noiseRegion({ x, y, dimensions });
    assertClose(found.corner.slice(0, dimensions), corner);
    assertClose(
      found.edges.slice(0, dimensions).flatMap((edge) => edge.slice(0, dimensions)),
      edges,
    );
  }
});
