import assert from "node:assert/strict";
import { test } from "node:test";

import { rangeWithin, ticksFor, whole } from "../../ui/stage/static/draw/staircase.js";
import { MIXTURE } from "../../ui/stage/static/stages/models.js";
import { evaluate } from "../../ui/stage/static/model/log-joint.js";
import { mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import * as format from "../../ui/stage/static/words/format.js";
import { describeMixture } from "../../ui/stage/static/words/description.js";
import { fileNameOf, nameOf, nextAction } from "../../ui/stage/static/words/naming.js";
import { describe, describeGain } from "../../ui/stage/static/words/narration.js";
import { pictureAt } from "../../ui/stage/static/model/timeline.js";
import { saidOf } from "../../ui/stage/static/words/algorithms.js";
import { ALGORITHMS, messageBytes } from "./oracle.js";

const [RUN] = readRuns(messageBytes("lab"));

test("numbers are written as people write them", () => {
  assert.equal(format.nats(-1130.26396), "−1,130.2640");
  assert.equal(format.nats(-0.00001), "−1.0e-5");
  assert.equal(format.nats(-23_559_034_743.0418), "−2.356·10¹⁰");
  assert.equal(format.density(0), "0");
  assert.equal(format.density(1.234e-12), "1.23·10⁻¹²");
  assert.equal(format.percent(0.12345), "12.3%");
  assert.equal(format.inUnits(-0.0001, 10), "0.00");
  assert.equal(format.digits(123456), "1.23·10⁵");
  assert.equal(format.quantity(1234567), "1,234,570");
  assert.equal(format.levelText(1, 2), "1 σ · 39.3%");
  assert.equal(format.withPowers("It gained 3e-07 nats."), "It gained 3·10⁻⁷ nats.");
});

test("rounding is no change", () => {
  assert.equal(format.change(1e-10, -1000), "nothing");
  assert.equal(format.change(0.5, -1000), "0.5000");
});

test("pictures and files are named by their place", () => {
  assert.deepEqual(
    [0, 1, 2, 5].map((index) => nameOf(index, 6)),
    [
      "start",
      "first E-step · 2 iterations to come",
      "iteration 1 of 2 · M-step",
      "iteration 2 of 2 · E-step",
    ],
  );
  assert.equal(fileNameOf("iris-k3", "full", 5, 6), "iris-k3-full");
  assert.equal(fileNameOf("iris-k3", "full", 2, 6), "iris-k3-full-m-step-1");
});

test("the button names what comes next, and at the end how it ended", () => {
  assert.equal(nextAction(0, RUN), "E-step: colour the points");
  assert.equal(nextAction(1, RUN), "M-step: move the ellipses");
  const end = { ...RUN, stop: { reason: "COMPONENT_COLLAPSED", sentence: "" } };
  assert.equal(nextAction(2 * RUN.states - 1, end), "Stopped: a component collapsed");
});

test("what happened is told, and the reason to stop at the end alone", () => {
  const last = 2 * RUN.states - 1;
  const told = (index, phase) => describe({ run: RUN, index, phase, changed: 1, moving: false });
  assert.match(told(1, "E")[1], /1 point changed its strongest colour, and is ringed/);
  assert.equal(told(1, "E")[2], "");
  assert.notEqual(told(last, "E")[2], "");
  assert.equal(describe({ run: RUN, index: 0, phase: "M", changed: null, moving: true })[0], "Moving a mean");
});

test("the gain of a half-step says what the bound did", () => {
  assert.match(describeGain(RUN, "E", 1), /closed the gap of [\d.]+: the bound meets it/);
  assert.match(describeGain(RUN, "M", 1), /^\+[\d.]+ by this M-step/);
  const fallen = { ...RUN, curve: Float64Array.of(-1, -2), bounds: Float64Array.of(-1, -3) };
  assert.match(describeGain({ ...fallen, address: { reg: "4" } }, "M", 1), /Regularisation/);
});

for (const algorithm of ALGORITHMS) {
  test(`the words of ${algorithm} are its own, and its curve has what it raises`, () => {
    const [run] = readRuns(messageBytes(algorithm));
    const { data } = MIXTURE.figure(run);
    assert.equal(data[0].name, run.curve_name);
    assert.equal(data.length > 1, Boolean(run.bounds));
    assert.equal(data.at(-1).name === "temperature", algorithm === "annealed");
    for (let index = 0; index < 2 * run.states; index++) {
      const { phase, iteration } = pictureAt(index);
      const words = describe({ run, index, phase, changed: null, moving: false })[1];
      assert.match(words, phase === "E" ? /noise/ : /./);
      assert.doesNotMatch(words + describeGain(run, phase, iteration), /undefined|NaN/);
    }
    const others = ALGORITHMS.filter((other) => saidOf({ algorithm: other }).curve === saidOf(run).curve);
    assert.deepEqual(others, [algorithm]);
  });
}

test("a step that switches a component off says which, and what it gained", () => {
  const [run] = readRuns(messageBytes("variational"));
  const moved = { ...run, moves: { 1: "merged 2 into 1: the bound rose by 3" } };
  const told = (index) => describe({ run: moved, index, phase: "M", changed: null, moving: false })[1];
  assert.match(told(2), /^Merged 2 into 1: the bound rose by 3\./);
  assert.doesNotMatch(told(4), /Merged/);
});

test("what is seen names every component and how sure the points are", () => {
  const components = mixtureAt(RUN, 0);
  const { responsibilities: shares } = evaluate(RUN.x, RUN.y, components);
  const seen = { run: RUN, iteration: 0, components, spans: [12, 12], marks: {} };
  const coloured = describeMixture({ ...seen, phase: "E", shares });
  assert.match(coloured, /K = 3 ellipses\. 1 at .*; 2 at .*; 3 at/);
  assert.match(coloured, /On average a point gives/);
  assert.match(
    describeMixture({ ...seen, phase: "start", shares: null }),
    /No point belongs to any of them yet/,
  );
});

test("the staircase shows the bound below the likelihood, and the gap where there is room", () => {
  const { data } = MIXTURE.figure(RUN);
  const [likelihood, bound, gap] = data;
  assert.equal(data.length, 3);
  bound.y.forEach((value, i) => {
    if (i === 0) assert.ok(Number.isNaN(value));
    else assert.ok(value <= likelihood.y[i] + 1e-9 && gap.y[i] >= 0);
  });
  assert.equal(MIXTURE.figure({ ...RUN, kmeans: {} }).data.length, 2);
  assert.equal(MIXTURE.figure({ ...RUN, bounds: undefined }).data.length, 1);
  assert.equal(MIXTURE.figure({ ...RUN, dial: {} }), null);
});

test("ticks are whole iterations, and a range holds what reaches into it", () => {
  for (const range of [
    [0, 3],
    [0, 40],
    [10, 900],
  ]) {
    const tick = ticksFor(range);
    assert.ok(Number.isInteger(tick) && (range[1] - range[0]) / tick <= 7);
  }
  const trace = { x: Float64Array.of(0, 1, 2), y: Float64Array.of(5, 1, NaN) };
  const [low, high] = rangeWithin([trace], [1.2, 1.8]);
  assert.ok(low < 1 && high > 1 && high < 5);
  assert.deepEqual(whole(1), [-0.2, 1]);
});
