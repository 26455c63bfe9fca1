import assert from "node:assert/strict";
import { test } from "node:test";

import { massWithin } from "../../ui/stage/static/model/levels.js";
import { heightOf, histogramOf, onTheLine } from "../../ui/stage/static/model/line.js";
import { evaluate } from "../../ui/stage/static/model/log-joint.js";
import { between, mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { ofShapes, placeText } from "../../ui/stage/static/words/format.js";
import { assertClose } from "./oracle.js";

const X = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i) * 3 + (i % 2 ? 4 : 0));
const [WEIGHTS, MEANS, VARIANCES] = [
  [0.3, 0.7],
  [0.5, 4],
  [2, 0.5],
];

/** A run of one state, as `readRuns` lays it into the plane. */
function run() {
  const constants = WEIGHTS.map((w, k) => Math.log(w) - 0.5 * Math.log(2 * Math.PI * VARIANCES[k]));
  return {
    ...{
      n: X.length,
      x: X,
      y: new Float64Array(X.length),
      dimensions: 1,
      extent: [-4, 8],
      columns: ["speed"],
    },
    ...{ states: 1, components: 2, true_shapes: null, algorithm: "em" },
    ...{ weights: Float64Array.from(WEIGHTS), constants: Float64Array.from(constants) },
    means: Float64Array.from(MEANS.flatMap((mean) => [mean, 0])),
    covariances: Float64Array.from(VARIANCES.flatMap((variance) => [variance, 0, 1])),
    whiteners: Float64Array.from(VARIANCES.flatMap((variance) => [1 / Math.sqrt(variance), 0, 1])),
  };
}

const normal = (x, k) =>
  (WEIGHTS[k] * Math.exp((-0.5 * (x - MEANS[k]) ** 2) / VARIANCES[k])) /
  Math.sqrt(2 * Math.PI * VARIANCES[k]);

test("a Gaussian on a line has more within a level than one in the plane", () => {
  assertClose(
    [1, 2, 3].map((level) => massWithin(level, 1)),
    [0.682689492137, 0.954499736104, 0.997300203937],
    1e-11,
  );
  assertClose(
    [1, 2, 3].map((level) => massWithin(level, 2)),
    [0.393469340287, 0.864664716763, 0.988891003462],
    1e-11,
  );
});

test("what is laid into the plane has the densities of the line", () => {
  const laid = onTheLine(run());
  const mixture = mixtureAt(laid, 0);
  const { logDensities, responsibilities } = evaluate(laid.x, laid.y, mixture);
  const wanted = Array.from(X, (x) => normal(x, 0) + normal(x, 1));
  assertClose(logDensities, wanted.map(Math.log), 1e-12);
  assertClose(
    responsibilities.filter((_, i) => i % 2 === 0),
    Array.from(X, (x, i) => normal(x, 0) / wanted[i]),
    1e-12,
  );
  assertClose(
    [heightOf(mixture, 0, 1.25), heightOf(mixture, 1, 1.25)],
    [normal(1.25, 0), normal(1.25, 1)],
    1e-14,
  );
});

test("what moves on a line keeps its densities", () => {
  const laid = onTheLine(run());
  const mixture = mixtureAt(laid, 0);
  const moved = between(mixture, mixture, 0.5);
  assert.equal(moved.line, true);
  assertClose(
    evaluate(laid.x, laid.y, moved).logDensities,
    evaluate(laid.x, laid.y, mixture).logDensities,
    1e-12,
  );
});

test("the picture has room for the curves above the axis and for every point below", () => {
  const { extent, heights, lanes } = onTheLine(run());
  const top = Math.max(
    ...Array.from({ length: 200 }, (_, i) => normal(-4 + i * 0.06, 0) + normal(-4 + i * 0.06, 1)),
  );
  assert.ok(extent[3] > top && extent[3] < 2 * top);
  assert.ok(heights.every((height) => height < Math.min(...lanes) && height > extent[2]));
  assert.ok(lanes.every((lane) => lane < 0));
  assert.equal(new Set(heights).size, X.length);
});

test("a curve that grows without end is cut, so that the others are still seen", () => {
  const collapsing = run();
  collapsing.covariances[3] = 1e-12;
  collapsing.whiteners[3] = 1e6;
  collapsing.constants[1] += 0.5 * Math.log(0.5 / 1e-12);
  const most = Math.max(...histogramOf(X).heights);
  assert.ok(onTheLine(collapsing).extent[3] < 4 * most);
});

test("the bars of a histogram have the area 1", () => {
  for (const values of [X, Float64Array.of(3), Float64Array.of(2, 2, 2), Float64Array.of(0, 1e9)]) {
    const { edges, heights } = histogramOf(values);
    assertClose([heights.reduce((sum, height, i) => sum + height * (edges[i + 1] - edges[i]), 0)], [1], 1e-9);
  }
  assert.deepEqual(histogramOf(new Float64Array()).heights, []);
});

test("words are true of a line", () => {
  const [line, plane] = [{ dimensions: 1 }, { dimensions: 2 }];
  assert.equal(ofShapes("An ellipse and two ellipses.", line), "A curve and two curves.");
  assert.equal(ofShapes("An ellipse.", plane), "An ellipse.");
  assert.equal(placeText([1.234, 0], [10]), "(1.23)");
  assert.equal(placeText([1.234, 5], [10, 10]), "(1.23, 5.00)");
});
