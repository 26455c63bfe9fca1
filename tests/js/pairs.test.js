import assert from "node:assert/strict";
import { test } from "node:test";

import { gather } from "../../ui/stage/static/draw/cells.js";
import { evaluateMarks, withTerms } from "../../ui/stage/static/model/columns.js";
import { evaluate } from "../../ui/stage/static/model/log-joint.js";
import { between, explainPoint, mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { inThePlane, pairOf, upperAt } from "../../ui/stage/static/protocol/pairs.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { HeldView } from "../../ui/stage/static/stages/held-view.js";
import { plain } from "../../ui/stage/static/protocol/plain.js";
import { assertClose, flat, oracle } from "./oracle.js";

const WIDE = Object.keys(oracle.wide);
const runOf = (name) => readRuns(Uint8Array.from(Buffer.from(oracle.wide[name].message, "base64")))[0];
const marksOf = (run) => ({ ...run, all: { points: run.whole.points } });
const everyPair = (d) =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => [i, j]))
    .flat()
    .filter(([i, j]) => i !== j);

for (const name of WIDE) {
  test(`points are coloured by all columns, whichever pair is shown: ${name}`, () => {
    const first = runOf(name);
    for (const pair of everyPair(first.dimensions).slice(0, 8)) {
      const run = inThePlane(first, pair);
      oracle.wide[name].states.forEach((told, t) => {
        const { responsibilities, logDensities } = evaluateMarks(marksOf(run), mixtureAt(run, t));
        assertClose(responsibilities, told.shares);
        assertClose(logDensities, told.log_densities);
      });
    }
  });

  test(`a pair is the marginal: its points, means, axes and density: ${name}`, () => {
    const told = oracle.wide[name];
    const first = runOf(name);
    const last = first.states - 1;
    assert.deepEqual(first.pair, [first.dimensions - 1, 0]);
    for (const { pair, axes, log_densities } of told.pairs) {
      const run = inThePlane(first, pair);
      assert.deepEqual(
        run.columns,
        pair.map((axis) => `c${axis}`),
      );
      assertClose(
        run.x,
        told.points.map((row) => row[pair[0]]),
        0,
      );
      assertClose(
        run.y,
        told.points.map((row) => row[pair[1]]),
        0,
      );
      assertClose(run.axes.slice(-9), axes, 1e-7);
      // Without its noise.
      const { logNoise, temperature, ...mixture } = mixtureAt(run, last);
      const held = mixture.weights.reduce((sum, weight) => sum + weight, 0);
      const { logDensities } = evaluate(run.x, run.y, mixture);
      assertClose(
        logDensities.map((value) => value - Math.log(held)),
        log_densities,
        1e-8,
      );
    }
  });

  test(`the answer to a point is of all columns: ${name}`, () => {
    const run = runOf(name);
    const mixture = mixtureAt(run, run.states - 1);
    const told = oracle.wide[name].states.at(-1);
    const d = run.dimensions;
    for (let i = 0; i < run.n; i += 7) {
      const all = run.whole.points.subarray(i * d, (i + 1) * d);
      const answer = run.binary ? run.binary[i] : null;
      const { parts, logDensity } = explainPoint(run.x[i], run.y[i], answer, mixture, all);
      assertClose(
        parts.map(({ responsibility }) => responsibility),
        told.shares[i],
      );
      const sum = parts.reduce((total, { joint }) => total + joint, 0);
      assertClose([logDensity, Math.log(sum)], [told.log_densities[i], told.log_densities[i]]);
      for (const { weight, density, chance, joint } of parts)
        assertClose([(weight * density * chance) / joint], [1]);
    }
  });

  test(`a mixture under a hand is one in all columns: ${name}`, () => {
    const run = runOf(name);
    const shown = mixtureAt(run, run.states - 1);
    const held = between(shown, shown, 0);
    const close = (there, here) =>
      there.forEach((value, i) => assertClose([here[i] / (value || 1)], [value ? 1 : 0], 1e-8));
    close(shown.columns.constants, held.columns.constants);
    const { responsibilities } = evaluateMarks(marksOf(run), held);
    assertClose(responsibilities, evaluateMarks(marksOf(run), shown).responsibilities, 1e-8);
    assert.notEqual(held.columns.means.buffer, shown.columns.means.buffer);
    const sent = plain(held);
    assert.equal(sent.means.length, run.components * run.dimensions);
    const size = (run.dimensions * (run.dimensions + 1)) / 2;
    oracle.wide[name].covariances.forEach((rows, k) =>
      rows.forEach((row, i) =>
        row.forEach((value, j) => {
          const here = sent.covariances[k * size + upperAt(run.dimensions, i, j)];
          assert.ok(Math.abs(here - value) <= 1e-12 * Math.max(...rows.flat().map(Math.abs)));
        }),
      ),
    );
  });

  test(`a cell has the mean of the shares of its own points: ${name}`, () => {
    const run = runOf(name);
    const [x0, x1, y0, y1] = run.extent;
    // Twelve pixels across are four cells.
    const frame = { left: 0, top: 0, width: 12, height: 6, x0, x1: x1 + 1e-6, y0: y0 - 1e-6, y1 };
    const marks = gather(run, frame);
    assert.equal(marks.all.owners.length * run.dimensions, marks.all.points.length);
    const mixture = mixtureAt(run, run.states - 1);
    const { responsibilities } = evaluateMarks(marks, mixture);
    const rows = Array.from(run.whole.points, String);
    const d = run.dimensions;
    const known = Array.from({ length: run.n }, (_, i) => rows.slice(i * d, (i + 1) * d).join());
    const sums = new Float64Array(responsibilities.length);
    const counts = new Uint32Array(marks.sizes.length);
    const { shares } = oracle.wide[name].states.at(-1);
    marks.all.owners.forEach((mark, at) => {
      const i = known.indexOf(Array.from(marks.all.points.subarray(at * d, (at + 1) * d), String).join());
      assert.ok(i >= 0, "a point of the run");
      counts[mark]++;
      shares[i].forEach((share, r) => (sums[mark * run.rows + r] += share));
    });
    counts.forEach((count, mark) => assert.equal(count, Math.min(8, marks.sizes[mark])));
    assertClose(
      responsibilities,
      sums.map((sum, at) => sum / counts[Math.floor(at / run.rows)]),
    );
  });
}

test("terms of a log-joint follow from a covariance of any size", () => {
  const covariances = flat([4, 2, 0, 5, 2, 10]);
  const { whiteners, constants } = withTerms(
    { dimensions: 3, means: new Float64Array(3), covariances },
    Float64Array.of(1),
  );
  // [[2], [1, 2], [0, 1, 3]] times its transpose is the covariance.
  assertClose(whiteners, [1 / 2, -1 / 4, 1 / 2, 1 / 12, -1 / 6, 1 / 3]);
  assertClose(constants, [-Math.log(12) - 1.5 * Math.log(2 * Math.PI)]);
});

test("a pair that these columns have not is the one they come with", () => {
  const run = runOf("3");
  assert.deepEqual(pairOf(run, [0, 1]), [0, 1]);
  for (const asked of [[], [0], [1, 1], [0, 3]]) assert.deepEqual(pairOf(run, asked), [2, 0]);
});

test("the view forgets a pair that other columns have not, and keeps the others", () => {
  const held = new HeldView();
  const run = runOf("3");
  held.hear({ ...run.view, pair: [0, 1] }, run.choices);
  held.fit(run);
  assert.equal(held.parameters(0, run.view_defaults).pair, "0,1");
  // What Python said before is no news.
  held.values.pair = [1, 2];
  held.hear({ ...run.view, pair: [0, 1] }, run.choices);
  assert.deepEqual(held.values.pair, [1, 2]);
  held.values.pair = [0, 4];
  held.fit(run);
  assert.equal("pair" in held.parameters(0, run.view_defaults), false);
});
