import assert from "node:assert/strict";
import { test } from "node:test";

import { bandOf, chanceOfAtLeast, distanceOf, percentilesOf } from "../../ui/stage/static/model/fit-check.js";
import { withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import { mixtureAt, plainMixture } from "../../ui/stage/static/model/mixture.js";
import { noiseRegion } from "../../ui/stage/static/model/noise-region.js";
import { numbersOf, sampleOf } from "../../ui/stage/static/model/sampling.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { describeFit } from "../../ui/stage/static/words/fit.js";
import { KINDS, assertClose, columns, flat, messageBytes, oracle } from "./oracle.js";

for (const kind of KINDS) {
  test(`the percentiles are Python's: ${kind}`, () => {
    const [run] = readRuns(messageBytes(kind));
    const found = percentilesOf(run, plainMixture(mixtureAt(run, run.states - 1), run), noiseRegion(run));
    assertClose(found, oracle.fits[kind].percentiles, 1e-6);
    assertClose([distanceOf(found.toSorted()).distance], [oracle.fits[kind].distance], 1e-6);
  });
}

const [X, Y] = columns(oracle.points);
const shapes = oracle.shapes;
const MIXTURE = withLogJoint({
  weights: flat(shapes.weights),
  means: flat(shapes.means),
  covariances: flat(shapes.covariances),
});

test("and on a line", () => {
  const line = withLogJoint({
    weights: MIXTURE.weights,
    means: MIXTURE.means.map((value, i) => (i % 2 ? 0 : value)),
    covariances: MIXTURE.covariances.map((value, i) => [value, 0, 1][i % 3]),
    line: true,
  });
  const y = new Float64Array(X.length);
  const found = percentilesOf({ x: X, y }, line, noiseRegion({ x: X, y, dimensions: 1 }));
  assertClose(found, oracle.fits.line.percentiles, 1e-6);
});

test("the band is Python's, and the chance of a tail the binomial's", () => {
  for (const n of [5, 500]) assertClose([bandOf(n)], [oracle.fits.band[n]]);
  assertClose([chanceOfAtLeast(0, 10, 0.1), chanceOfAtLeast(1, 10, 0.1)], [1, 1 - 0.9 ** 10]);
  assertClose([chanceOfAtLeast(2, 3, 0.5)], [0.5]);
});

test("a sample of the model fits it, and what is said of other points is so", () => {
  const region = noiseRegion({ x: X, y: Y, dimensions: 2 });
  const own = sampleOf(MIXTURE, numbersOf(1000), region);
  const told = (points) => describeFit(percentilesOf(points, MIXTURE, region).toSorted());
  const fits = told(own);
  assert.ok(fits.within && fits.sentence.startsWith("About as many points"));
  const x = own.x.slice();
  x.fill(50, 0, 30);
  const outliers = told({ x, y: own.y });
  assert.match(
    outliers.sentence,
    /^More points lie where the model is thinnest than it expects: (\d+) of 1,000/,
  );
  assert.ok(Number(outliers.sentence.match(/: (\d+) of/)[1]) >= 30);
  const about = (value, mean, share) => mean + share * (value - mean);
  const scaled = (share) => ({
    x: own.x.map((value, i) => about(value, MIXTURE.means[2 * own.from[i]], share)),
    y: own.y.map((value, i) => about(value, MIXTURE.means[2 * own.from[i] + 1], share)),
  });
  assert.match(told(scaled(0.5)).sentence, /^Points crowd where the model is denser/);
  assert.match(
    told(scaled(1.6)).sentence,
    /More points lie in the model's thin places.* The line leaves the band\.$/,
  );
});
