import assert from "node:assert/strict";
import { test } from "node:test";

import { agreement, differing } from "../../ui/stage/static/model/agreement.js";
import { massWithin, nearestLevel } from "../../ui/stage/static/model/levels.js";
import { countPictures, pictureAt } from "../../ui/stage/static/model/timeline.js";
import { assertClose, oracle } from "./oracle.js";

test("a run begins without colours; then the E-step changes colours alone, the M-step ellipses alone", () => {
  assert.deepEqual(pictureAt(0), { phase: "start", iteration: 0, colours: -1 });
  for (let index = 1; index < countPictures(6); index++) {
    const [before, now] = [pictureAt(index - 1), pictureAt(index)];
    const moved = now.iteration - before.iteration;
    const coloured = now.colours - before.colours;
    assert.deepEqual([moved, coloured], now.phase === "E" ? [0, 1] : [1, 0]);
    assert.equal(now.phase, index % 2 ? "E" : "M");
  }
  const last = pictureAt(countPictures(6) - 1);
  assert.deepEqual([last.iteration, last.colours], [5, 5]);
});

test("without a run there is one picture", () => assert.equal(countPictures(0), 1));

for (const { truth, labels, kinds, k, index, accuracy } of oracle.agreements) {
  test(`index and accuracy of ${kinds} kinds and ${k} labels are gmm_core's`, () => {
    for (const isGroup of [true, false]) {
      const found = agreement(truth, kinds, labels, k, isGroup);
      assertClose([found?.index ?? NaN, found?.accuracy ?? NaN], [index, accuracy]);
    }
  });
}

test("labels called otherwise agree, and points of no kind are named by none", () => {
  assert.deepEqual(agreement([0, 0, 1, 1], 2, [1, 1, 0, 0], 2, true), { index: 1, accuracy: 1 });
  assert.equal(agreement([0, 0, 1, -1], 2, [1, 1, 0, 0], 2, true)?.accuracy, 0.75);
  // Of a point that nobody has labelled nothing can be right or wrong.
  assert.deepEqual(agreement([0, 0, 1, -1], 2, [1, 1, 0, 0], 2, false), { index: 1, accuracy: 1 });
  assert.equal(agreement([-1, -1], 2, [1, 0], 2, false), null);
  assert.deepEqual(differing([0, 1, 2], [0, 2, 2]), [1]);
});

test("levels hold what they say, and an address may round them", () => {
  const { levels } = oracle.choices;
  const held = levels.map((level) => massWithin(level, 2));
  assertClose(held, [0.39346934, 0.86466472, 0.95, 0.988891], 1e-8);
  assert.equal(nearestLevel(levels, 2.45), levels[2]);
  for (const level of levels) assert.equal(nearestLevel(levels, level), level);
});
