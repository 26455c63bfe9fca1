import assert from "node:assert/strict";
import { test } from "node:test";

import { fullest, gather, grouped, mixed } from "../../ui/stage/static/draw/cells.js";
import { glyphCover, fadingCover } from "../../ui/stage/static/draw/stamps.js";
import { evaluate } from "../../ui/stage/static/model/log-joint.js";
import { between, explainPoint, mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { pictureAt } from "../../ui/stage/static/model/timeline.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { describeMixture } from "../../ui/stage/static/words/description.js";
import { describe } from "../../ui/stage/static/words/narration.js";
import { ANSWERED, KINDS, assertClose, messageBytes, oracle } from "./oracle.js";

const runOf = (kind) => readRuns(messageBytes(kind))[0];
const sum = (values) => Array.from(values).reduce((all, value) => all + value, 0);

for (const kind of KINDS) {
  test(`shares and log-densities of every point are gmm_core's: ${kind}`, () => {
    const run = runOf(kind);
    oracle.painted[kind].forEach((told, place) => {
      const mixture = mixtureAt(run, place ? run.states - 1 : 0);
      const { responsibilities, logDensities } = evaluate(run.x, run.y, mixture, run.binary);
      assertClose(responsibilities, told.shares);
      assertClose(logDensities, told.log_densities);
    });
  });

  test(`weight times density times chance is the product, and products sum to the density: ${kind}`, () => {
    const run = runOf(kind);
    const t = run.states - 1;
    const { shares, log_densities } = oracle.painted[kind][1];
    for (let i = 0; i < run.n; i++) {
      const answer = run.binary ? run.binary[i] : null;
      const { parts, logDensity } = explainPoint(run.x[i], run.y[i], answer, mixtureAt(run, t));
      assert.equal(parts.length, run.rows);
      for (const { weight, density, chance, joint } of parts)
        assertClose([weight * density * chance], [joint]);
      assertClose(
        [Math.log(sum(parts.map(({ joint }) => joint))), logDensity],
        Array(2).fill(log_densities[i]),
      );
      assertClose(
        parts.map(({ responsibility }) => responsibility),
        shares[i],
      );
    }
  });
}

for (const kind of ANSWERED) {
  test(`a state has the probabilities that came with it, and holds the ones it is said to hold: ${kind}`, () => {
    const run = runOf(kind);
    const k = run.components;
    for (let t = 0; t < run.states; t++) {
      const mixture = mixtureAt(run, t);
      assert.deepEqual(mixture.probabilities, run.probabilities.subarray(k * t, k * (t + 1)));
      const { responsibilities } = evaluate(run.x, run.y, mixture, run.binary);
      const ones = Array.from({ length: k }, (_, j) =>
        sum(Array.from(run.binary, (one, i) => one * responsibilities[i * run.rows + j])),
      );
      assertClose(ones, run.successes.subarray(k * t, k * (t + 1)));
    }
  });

  test(`between two mixtures the probabilities are on their way: ${kind}`, () => {
    const run = runOf(kind);
    const [from, to] = [mixtureAt(run, 0), mixtureAt(run, run.states - 1)];
    const half = between(from, to, 0.5);
    half.probabilities.forEach((p, j) => {
      assertClose([p], [(from.probabilities[j] + to.probabilities[j]) / 2]);
      assertClose([half.logFailures[j], half.logSuccesses[j]], [Math.log(1 - p), Math.log(p)]);
    });
    assertClose(between(from, to, 1).probabilities, to.probabilities);
    assertClose(between(from, to, 0).probabilities, from.probabilities);
  });

  test(`the words tell what the column has to do with it: ${kind}`, () => {
    const run = runOf(kind);
    const told = (index) =>
      describe({ run, index, phase: pictureAt(index).phase, changed: 2, moving: false })[1];
    assert.match(told(1), /sex/);
    if (run.states > 1) assert.match(told(2), /male/);
    const iteration = run.states - 1;
    const components = mixtureAt(run, iteration);
    const seen = { run, phase: "E", iteration, components, spans: [12, 12], marks: {} };
    const { responsibilities: shares } = evaluate(run.x, run.y, components, run.binary);
    const words = describeMixture({ ...seen, shares });
    for (const p of components.probabilities)
      assert.ok(words.includes(`${(100 * p).toFixed(1)}% male`), words);
    const plain = { ...run, answer: null };
    assert.doesNotMatch(describeMixture({ ...seen, run: plain, shares }) + told(0), /male|undefined|NaN/);
  });
}

// The expected logarithms of a variational mixture are of no probabilities.
for (const kind of ANSWERED.filter((name) => !name.startsWith("variational"))) {
  test(`where nobody asks for the answer, both of them count: ${kind}`, () => {
    const run = runOf(kind);
    const mixture = mixtureAt(run, 0);
    const densities = (binary) => evaluate(run.x, run.y, mixture, binary).logDensities.map(Math.exp);
    const [no, yes] = [0, 1].map((value) => densities(new Uint8Array(run.n).fill(value)));
    assertClose(
      densities(null),
      no.map((density, i) => density + yes[i]),
      1e-12,
    );
  });
}

test("a probability of 0 or 1 leaves a share of 0 to who cannot answer so, and no share undefined", () => {
  const run = runOf("em, answers");
  const sure = between(
    { ...mixtureAt(run, 0), probabilities: Float64Array.of(0, 0.5, 0) },
    { ...mixtureAt(run, 0), probabilities: Float64Array.of(1, 0.5, 0) },
    1,
  );
  const { responsibilities } = evaluate([0, 0], [0, 0], sure, [0, 1]);
  assert.equal(responsibilities[0], 0);
  assert.equal(responsibilities[5], 0);
  assertClose([sum(responsibilities.subarray(0, 3)), sum(responsibilities.subarray(3))], [1, 1]);
});

const FRAME = { left: 0, top: 0, width: 30, height: 30, x0: 0, x1: 10, y0: 0, y1: 10 };
const CROWD = {
  x: Float64Array.of(0.2, 0.4, 0.6, 5.5, 5.5, 9.5, 42),
  y: Float64Array.of(0.5, 0.5, 0.5, 5.5, 5.6, 9.5, 5),
  binary: Uint8Array.of(0, 1, 1, 1, 1, 0, 1),
  label_names: [],
};

test("the zeros and the ones of a cell are two marks, and every point in view counts once", () => {
  const marks = gather(CROWD, FRAME);
  const seen = Array.from(marks.cells, (cell, i) => [cell, marks.binary[i], marks.sizes[i]]);
  assert.deepEqual(seen, [
    [9, 0, 1],
    [45, 1, 2],
    [90, 0, 1],
    [90, 1, 2],
  ]);
  assertClose([marks.x[2], marks.x[3]], [0.2, 0.5]);
  const plain = gather({ ...CROWD, binary: undefined }, FRAME);
  assert.equal(plain.binary, null);
  assert.deepEqual(Array.from(plain.sizes), [1, 2, 3]);
});

test("marks of one cell are painted together, mixed by how many points each stands for", () => {
  const marks = gather(CROWD, FRAME);
  const group = grouped(marks.cells, marks.sizes);
  assert.deepEqual([...group.cells], [9, 45, 90]);
  assert.deepEqual([...group.sizes], [1, 2, 3]);
  const bytes = Uint8Array.of(10, 20, 30, 40, 50, 60, 0, 90, 200, 90, 0, 200);
  assert.deepEqual([...mixed(bytes, marks.sizes, group)], [10, 20, 30, 40, 50, 60, 60, 30, 200]);
  assert.deepEqual(fullest(marks, 12).length, 1);
});

const RINGS = oracle.glyphs;

for (const radius of [3.4, 4, 5, 8]) {
  test(`every open glyph has a hole, and its outline is where the filled one has its edge: radius ${radius}`, () => {
    for (const { name, rings } of RINGS) {
      const [open, filled] = [true, false].map((one) => glyphCover(rings, radius, one));
      let [line, all] = [0, 0];
      for (let u = -16; u <= 16; u++)
        for (let v = -16; v <= 16; v++) {
          const [here, there] = [open(u, v), filled(u, v)];
          assert.ok(here <= there, name);
          [line, all] = [line + here, all + there];
        }
      assert.ok(line > 0.3 * all && line < 0.9 * all, `${name}: ${line / all}`);
    }
  });
}

test("however small, an open disc is seen to be open", () => {
  for (const radius of [1.3, 1.8, 2.6, 5]) {
    const [open, filled] = [true, false].map((one) => fadingCover(radius, 0, one));
    assert.ok(open(0, 0) < 0.2 && filled(0, 0) === 1);
    assert.ok(open(radius, 0) > 0.4);
  }
});
