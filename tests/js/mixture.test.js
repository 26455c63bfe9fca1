import assert from "node:assert/strict";
import { test } from "node:test";

import { dialRun } from "../../ui/stage/static/model/dial-run.js";
import { evaluate, withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import {
  UNSEEN,
  between,
  coverage,
  explainPoint,
  massLevels,
  mixtureAt,
  momentsOf,
  presence,
} from "../../ui/stage/static/model/mixture.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { ALGORITHMS, KINDS, assertClose, columns, flat, messageBytes, oracle } from "./oracle.js";

const { shapes } = oracle;
const [X, Y] = columns(oracle.points);
const MIXTURE = withLogJoint({
  weights: flat(shapes.weights),
  means: flat(shapes.means),
  covariances: flat(shapes.covariances),
});

test("what the components hold of the points is what Python's moments say", () => {
  const { counts, moment_means, scatters } = momentsOf(X, Y, MIXTURE);
  assertClose(counts, shapes.counts);
  assertClose(moment_means, shapes.moment_means);
  assertClose(scatters, shapes.scatters);
});

test("coverage is gmm_core's", () => {
  const found = shapes.levels.map((level) => coverage(X, Y, flat(shapes.responsibilities), MIXTURE, level));
  assertClose(found, shapes.coverage);
});

test("a cell counts as many points as its size", () => {
  const sizes = Uint32Array.from(X, (_, i) => 1 + (i % 3));
  const many = (values) => Float64Array.from([...values].flatMap((value, i) => Array(sizes[i]).fill(value)));
  const [x, y] = [many(X), many(Y)];
  const { responsibilities } = evaluate(X, Y, MIXTURE);
  const each = evaluate(x, y, MIXTURE).responsibilities;
  const found = coverage(X, Y, responsibilities, MIXTURE, 1.5, sizes);
  assertClose([found], [coverage(x, y, each, MIXTURE, 1.5)]);
});

test("an explained point is what it is made of", () => {
  const { parts, logDensity } = explainPoint(X[3], Y[3], null, MIXTURE);
  const total = parts.reduce((sum, { joint }) => sum + joint, 0);
  assertClose([Math.log(total)], [logDensity]);
  parts.forEach(({ weight, density, joint, responsibility }, k) => {
    assertClose([weight * density, joint / total], [joint, responsibility]);
    assertClose([responsibility], [shapes.responsibilities[3][k]]);
  });
});

test("half-way between two mixtures is a mixture, and the ends are those", () => {
  const other = withLogJoint({
    weights: Float64Array.of(0.2, 0.2, 0.6),
    means: MIXTURE.means.map((value) => value + 1),
    covariances: MIXTURE.covariances.map((value) => 2 * value),
  });
  const half = between(MIXTURE, other, 0.5);
  assertClose([half.weights.reduce((sum, weight) => sum + weight, 0)], [1]);
  assertClose(
    half.means,
    MIXTURE.means.map((value) => value + 0.5),
  );
  for (const [share, end] of [
    [0, MIXTURE],
    [1, other],
  ]) {
    const found = between(MIXTURE, other, share);
    assertClose(evaluate(X, Y, found).logDensities, evaluate(X, Y, end).logDensities);
  }
});

test("a level that holds more of the mass lies lower, and half of it lies above the half's", () => {
  const shares = [0.1, 0.5, 0.9, 0.99];
  const levels = massLevels(MIXTURE, shares);
  assert.deepEqual(
    levels,
    [...levels].sort((a, b) => b - a),
  );
  const single = withLogJoint({
    weights: Float64Array.of(1),
    means: Float64Array.of(3, -2),
    covariances: Float64Array.of(4, 1, 2),
  });
  // Of one Gaussian, the density at the edge of the ellipse that holds the share.
  const peak = evaluate([3], [-2], single).logDensities[0];
  const wanted = shares.map((share) => peak + Math.log(1 - share));
  assertClose(massLevels(single, shares), wanted, 0.1);
});

for (const kind of KINDS) {
  test(`whatever takes part, every share of the components' mass has its level: ${kind}`, () => {
    const [run] = readRuns(messageBytes(kind));
    const shares = [0.25, 0.5, 0.9, 0.99, 0.999];
    const levels = massLevels(mixtureAt(run, run.states - 1), shares);
    assert.equal(levels.length, shares.length);
    assert.ok(levels.every((level, i) => Number.isFinite(level) && (i === 0 || level <= levels[i - 1])));
  });
}

test("a state's mixture is painted by the terms that came with it", () => {
  const [run] = readRuns(messageBytes("lab"));
  for (let t = 0; t < run.states; t++) {
    const mixture = mixtureAt(run, t);
    assert.equal(mixtureAt(run, t), mixture);
    const { responsibilities, logDensities } = evaluate(run.x, run.y, mixture);
    assertClose([logDensities.reduce((sum, value) => sum + value, 0)], [run.log_likelihoods[t]]);
    const counts = [0, 1, 2].map((k) =>
      responsibilities.reduce((sum, r, at) => sum + (at % 3 === k ? r : 0), 0),
    );
    assertClose(counts, run.counts.subarray(3 * t, 3 * t + 3));
  }
});

for (const algorithm of ALGORITHMS) {
  test(`the points of ${algorithm} with noise have the shares that Python gave them`, () => {
    const [run] = readRuns(messageBytes(algorithm));
    const k = run.components;
    assert.deepEqual([run.algorithm, run.rows], [algorithm, k + 1]);
    for (let t = 0; t < run.states; t++) {
      const mixture = mixtureAt(run, t);
      const { responsibilities } = evaluate(run.x, run.y, mixture);
      const sums = Array.from({ length: k + 1 }, (_, j) =>
        responsibilities.reduce((sum, share, at) => sum + (at % (k + 1) === j ? share : 0), 0),
      );
      assertClose(sums.slice(0, k), run.counts.subarray(k * t, k * (t + 1)));
      assertClose([sums.reduce((all, one) => all + one)], [run.n]);
      const { parts } = explainPoint(run.x[0], run.y[0], null, mixture);
      assertClose(
        parts.map(({ responsibility }) => responsibility),
        responsibilities.subarray(0, k + 1),
      );
      assertClose([mixture.weights.reduce((sum, weight) => sum + weight, run.noise[t])], [1]);
    }
  });
}

test("only where components may be superfluous do they fade, and those that hold nothing are not seen", () => {
  for (const algorithm of ALGORITHMS) {
    const mixture = { ...mixtureAt(readRuns(messageBytes(algorithm))[0], 0), weights: Float64Array.of(1, 0) };
    const fades = algorithm === "variational";
    assert.deepEqual([presence(mixture, 0), presence(mixture, 1) < UNSEEN], [1, fades]);
  }
});

test("every position of the dial has a run of equal circles, of its own length", () => {
  const run = readRuns(messageBytes("comparison"))[1];
  run.dial.lengths.forEach((states, position) => {
    const turned = dialRun(run, position);
    assert.equal(dialRun(run, position), turned);
    assert.deepEqual([turned.states, turned.values.length, turned.bounds], [states, 2 * states, undefined]);
    const { weights, covariances } = mixtureAt(turned, states - 1);
    assertClose(weights, [1 / 3, 1 / 3, 1 / 3]);
    const variance = run.dial.variances[position];
    assertClose(covariances, Array(3).fill([variance, 0, variance]));
  });
  const lengths = run.dial.lengths.reduce((sum, length) => sum + length, 0);
  assert.equal(run.dial_curve.length, lengths);
  assert.equal(dialRun(run, 1).curve[0], run.dial_curve[run.dial.lengths[0]]);
});
