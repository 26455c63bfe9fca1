import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axesOf,
  covarianceOf,
  logLikelihoodOf,
  withAxes,
  withMean,
  withWeight,
  withWidth,
} from "../../ui/stage/static/model/by-hand.js";
import { evaluate, withAnswers, withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import { quantitiesOf } from "../../ui/stage/static/model/quantities.js";
import { assertClose, columns, flat, oracle } from "./oracle.js";

const { shapes } = oracle;
const [X, Y] = columns(oracle.points);
const MIXTURE = withLogJoint({
  weights: flat(shapes.weights),
  means: flat(shapes.means),
  covariances: flat(shapes.covariances),
});

const VOLUME = 0;
const SHAPE = 1;
const ORIENTATION = 2;

/** Mixtures of each family, by its letters. */
const OF_FAMILY = Object.fromEntries(
  ["EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV"].map(
    (letters) => [letters, ofFamily(letters)],
  ),
);

function ofFamily(letters) {
  const [sizes, forms, angles] = [
    [1, 3, 0.4],
    [4, 1.5, 0.3],
    [0.5, 1.9, -0.8],
  ];
  const own = (values, letter, round) =>
    letter === "V" ? values : letter === "E" ? values.map(() => values[0]) : values.map(() => round);
  const [size, form, angle] = [own(sizes, letters[0]), own(forms, letters[1], 1), own(angles, letters[2], 0)];
  const covariances = [0, 1, 2].flatMap((k) =>
    covarianceOf({
      angle: angle[k],
      along: Math.sqrt(size[k] * form[k]),
      across: Math.sqrt(size[k] / form[k]),
    }),
  );
  return withLogJoint({ ...MIXTURE, covariances: Float64Array.from(covariances) });
}

/** Volume, long half-axis over short, and angle of each component. */
const traits = (mixture) =>
  [0, 1, 2].map((k) => {
    const { angle, along, across } = axesOf(mixture, k);
    return [along * across, along / across, angle];
  });

const spread = (values) => Math.max(...values) - Math.min(...values);
/** How unlike axes lie, lengthwise or crosswise. */
const crossing = (angles) => Math.max(...angles.map((angle) => Math.abs(Math.sin(2 * (angle - angles[0])))));

test("axes make the covariance that they are of, thin ones too", () => {
  for (const across of [1, 0.3, 1e-3, 1e-6]) {
    for (let angle = -1.5; angle < 1.5; angle += 0.25) {
      const covariances = covarianceOf({ angle, along: 1, across });
      const found = axesOf({ covariances }, 0);
      assertClose([found.along, found.across], [1, across], 1e-4 * across);
      assertClose(covarianceOf(found), covariances, 1e-12);
    }
  }
});

test("an axis keeps its name when it becomes the shorter one", () => {
  for (const along of [3, 1.01, 0.99, 0.2]) {
    const found = axesOf({ covariances: covarianceOf({ angle: 2.5, along, across: 1 }) }, 0, 2.4);
    assertClose([found.angle, found.along, found.across], [2.5, along, 1]);
  }
});

for (const [letters, mixture] of Object.entries(OF_FAMILY)) {
  test(`${letters}: a hand keeps what components share`, () => {
    for (const k of [0, 1, 2]) {
      const before = axesOf(mixture, k, letters[ORIENTATION] === "I" ? 0 : undefined);
      const after = { angle: before.angle + 0.7, along: 1.4 * before.along, across: 0.9 * before.across };
      const changed = withAxes(mixture, k, before, after, letters);
      const [volumes, forms, angles] = [0, 1, 2].map((trait) => traits(changed).map((own) => own[trait]));
      if (letters[VOLUME] === "E") assert.ok(spread(volumes) < 1e-9);
      if (letters[SHAPE] === "E") assert.ok(spread(forms) < 1e-9);
      if (letters[SHAPE] === "I") forms.forEach((form) => assertClose([form], [1]));
      if (letters[ORIENTATION] === "E") assert.ok(crossing(angles) < 1e-9);
      if (letters[ORIENTATION] === "I")
        [0, 1, 2].forEach((j) => assertClose([changed.covariances[3 * j + 1]], [0], 1e-12));
      const own = axesOf(changed, k, after.angle);
      if (letters[SHAPE] !== "I") assertClose([own.across], [after.across]);
      assertClose([own.along], [after.along]);
      const others = [0, 1, 2].filter((j) => j !== k).map((j) => traits(mixture)[j]);
      const othersNow = [0, 1, 2].filter((j) => j !== k).map((j) => traits(changed)[j]);
      if (letters[VOLUME] === "V") others.forEach((was, j) => assertClose([othersNow[j][0]], [was[0]]));
      if (letters === "VVV" || letters === "VVI")
        [0, 1, 2]
          .filter((j) => j !== k)
          .forEach((j) =>
            assertClose(
              changed.covariances.subarray(3 * j, 3 * j + 3),
              mixture.covariances.subarray(3 * j, 3 * j + 3),
            ),
          );
    }
  });

  test(`${letters}: the same axes change nothing`, () => {
    const before = axesOf(mixture, 1, letters[ORIENTATION] === "I" ? 0 : undefined);
    assertClose(withAxes(mixture, 1, before, before, letters).covariances, mixture.covariances);
  });

  test(`${letters}: a number that is typed is the number there is`, () => {
    for (const quantity of quantitiesOf(2)) {
      const bounds = { letters, equal: false };
      if (!quantity.free(bounds, mixture)) continue;
      const value = quantity.of(mixture, 1) * 1.05 + 0.01;
      const changed = quantity.set(mixture, 1, value, bounds);
      assert.equal(typeof changed, "object", String(changed));
      assertClose([quantity.of(changed, 1)], [value]);
    }
  });
}

test("what no covariance has is refused with a sentence", () => {
  const bounds = { letters: "VVV", equal: false };
  const [weight, , , xx, xy] = quantitiesOf(2);
  for (const [quantity, value] of [
    [weight, 0],
    [weight, 100],
    [weight, -3],
    [xx, 0],
    [xx, -1],
    [xy, 1e6],
  ])
    assert.match(/** @type {string} */ (quantity.set(MIXTURE, 0, value, bounds)), /^[A-Z].*\.$/);
});

test("weights and noise still add up to one", () => {
  const noisy = {
    ...withLogJoint({ ...MIXTURE, weights: MIXTURE.weights.map((w) => 0.9 * w) }),
    noise: 0.1,
    logNoise: -5,
  };
  const changed = withWeight(noisy, 1, 0.6);
  assertClose([changed.weights[1], changed.weights.reduce((a, b) => a + b)], [0.6, 0.9]);
  assertClose([changed.weights[0] / changed.weights[2]], [MIXTURE.weights[0] / MIXTURE.weights[2]]);
  assert.equal(changed.logNoise, -5);
});

test("a mean goes where the hand is, and the answers stay", () => {
  const answering = { ...MIXTURE, ...withAnswers(Float64Array.from([0.1, 0.5, 0.7])) };
  const changed = withMean(answering, 2, [7, -3]);
  assertClose(changed.means, [...MIXTURE.means.subarray(0, 4), 7, -3]);
  assertClose(changed.probabilities, answering.probabilities);
});

test("on a line widths are one's own, or all components'", () => {
  const line = withLogJoint({ ...MIXTURE, line: true });
  for (const [letters, widths] of [
    ["VVV", [1, 0.5, Math.SQRT2]],
    ["EEE", [0.5, 0.5, 0.5]],
  ]) {
    const changed = withWidth(line, 1, 0.5, letters);
    assertClose(
      [0, 1, 2].map((k) => Math.sqrt(changed.covariances[3 * k])),
      widths,
    );
  }
});

test("the log-likelihood is Python's, and a cell counts as many points as it has", () => {
  const python = oracle.sharing.plain.log_densities.reduce((a, b) => a + b);
  assertClose([logLikelihoodOf({ x: X, y: Y }, MIXTURE)], [python]);
  const { logDensities } = evaluate(X, Y, MIXTURE);
  const sizes = X.map((_, i) => i % 4);
  const counted = logDensities.reduce((sum, value, i) => sum + sizes[i] * value, 0);
  assertClose([logLikelihoodOf({ x: X, y: Y, sizes }, MIXTURE)], [counted]);
});
