import assert from "node:assert/strict";
import { test } from "node:test";

import { evaluate, withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import { assertClose, columns, flat, oracle } from "./oracle.js";

const SHAPES = Object.fromEntries(
  ["weights", "means", "covariances"].map((name) => [name, flat(oracle.shapes[name])]),
);

/** A case's terms as the stage has them. */
const termsOf = (told) => ({
  constants: flat(told.constants),
  means: flat(told.means),
  whiteners: flat(told.whiteners),
  temperature: told.temperature,
  ...(told.log_noise !== undefined && { logNoise: told.log_noise }),
  ...(told.binary && { logFailures: flat(told.log_failures), logSuccesses: flat(told.log_successes) }),
});

for (const [name, told] of Object.entries(oracle.sharing)) {
  test(`shares and log-densities are gmm_core's: ${name}`, () => {
    const binary = told.binary && flat(told.binary);
    const { responsibilities, logDensities } = evaluate(...columns(told.points), termsOf(told), binary);
    assertClose(responsibilities, told.shares);
    assertClose(logDensities, told.log_densities);
  });

  test(`shares of a point sum to 1: ${name}`, () => {
    const n = told.points.length;
    const { responsibilities } = evaluate(
      ...columns(told.points),
      termsOf(told),
      told.binary && flat(told.binary),
    );
    const rows = responsibilities.length / n;
    for (let i = 0; i < n; i++) {
      const row = responsibilities.subarray(i * rows, (i + 1) * rows);
      assert.ok(row.every((share) => share >= 0 && share <= 1));
      assertClose([row.reduce((sum, share) => sum + share, 0)], [1], 1e-12);
    }
  });
}

test("the terms of shapes are those that Python sends", () => {
  const { constants, whiteners } = withLogJoint(SHAPES);
  assertClose(constants, oracle.shapes.constants, 1e-12);
  assertClose(whiteners, oracle.shapes.whiteners, 1e-12);
});

test("noise takes from every component, and has a share of its own", () => {
  const { noise } = oracle.sharing;
  const points = columns(noise.points);
  const { responsibilities: noisy } = evaluate(...points, termsOf(noise));
  const { responsibilities: clean } = evaluate(...points, { ...termsOf(noise), logNoise: undefined });
  const n = noise.points.length;
  assert.equal(noisy.length, 4 * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < 3; k++) assert.ok(noisy[4 * i + k] < clean[3 * i + k] || clean[3 * i + k] === 0);
    assert.ok(noisy[4 * i + 3] > 0);
  }
});

test("a point as likely under two components goes whole to the first at temperature 0", () => {
  const twins = withLogJoint({
    weights: Float64Array.of(0.5, 0.5),
    means: Float64Array.of(-1, 0, 1, 0),
    covariances: Float64Array.of(1, 0, 1, 1, 0, 1),
  });
  const { responsibilities } = evaluate([0], [3], { ...twins, temperature: 0 });
  assert.deepEqual(Array.from(responsibilities), [1, 0]);
});
