// What a hand does where no Python is: the runs that the page makes of it.

import assert from "node:assert/strict";
import test from "node:test";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { plain } from "../../ui/stage/static/protocol/plain.js";
import { mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { openRefit } from "../../ui/stage/static/stages/refit.js";
import { assertClose, messageBytes } from "./oracle.js";

const FIT = {
  reg_covar: 0,
  tolerance: 1e-6,
  step_limit: 500,
  most_work: 6e8,
  stop_when_falling: true,
  equal_weights: false,
};

/** A stage as far as a refit knows it, with what it is given. */
function opened({ fit = FIT, ...options } = {}) {
  const [run] = readRuns(messageBytes("lab"));
  const stage = {
    host: { remember() {} },
    outbox: { host: null },
    run,
    given: { ...run, fit },
    shown: [],
    async take([given]) {
      this.given = given;
      this.shown.push(given);
    },
  };
  const refit = openRefit(stage, options);
  let number = 0;
  const tell = async (event) => {
    stage.host.send([{ number: (number += 1), ...event }]);
    await new Promise((resume) => setTimeout(resume, 5));
    return stage.given;
  };
  return { stage, refit, tell };
}

const placed = (run, x) => {
  const mixture = plain(mixtureAt(run, 0));
  mixture.means[0] = x;
  return mixture;
};

test("a mean that was moved is where the next run begins, and the stage goes to its first picture", async () => {
  const { stage, tell } = opened();
  const before = stage.given;
  const run = await tell({ type: "move_mean", mixture: placed(before, 1.5) });
  assert.equal(run.means[0], 1.5);
  assert.notEqual(run.id, before.id);
  assert.equal(run.beginning, before.beginning + 1);
  assert.equal(run.half_step, 0);
  assert.equal(run.start_placed, true);
  assert.equal(run.stop.reason, "CONVERGED");
  assert.equal(run.values.length, 2 * run.states);
  for (let t = 1; t < run.states; t++) assert.ok(run.curve[t] >= run.curve[t - 1]);
  assert.equal(run.curve[run.states - 1], run.log_likelihoods[run.states - 1]);
});

test("a fit that is as long as that of Python's message has its numbers", async () => {
  const { stage, tell } = opened({ fit: { ...FIT, step_limit: 4 } });
  const before = stage.given;
  const run = await tell({ type: "move_mean", mixture: plain(mixtureAt(before, 0)) });
  assert.equal(run.states, before.states);
  for (const name of [
    ...["weights", "means", "covariances", "constants", "whiteners"],
    ...["counts", "moment_means", "scatters", "curve", "bounds", "values"],
  ])
    assertClose(run[name], before[name]);
  assert.deepEqual(run.label_colours, before.label_colours);
  assert.equal(run.stop.reason, before.stop.reason);
});

test("each change is undone, down to Python's own run, to which the stage goes back", async () => {
  const { stage, refit, tell } = opened();
  const first = stage.given;
  assert.equal(refit.undoable, false);
  const moved = await tell({ type: "move_mean", mixture: placed(first, 1.5) });
  const added = await tell({ type: "add_points", points: [[1, 2]], mixture: plain(mixtureAt(moved, 1)) });
  assert.equal(added.n, first.n + 1);
  assert.equal(added.labels[first.n], -1);
  assertClose(added.means.subarray(0, 6), Array.from(moved.means.subarray(6, 12)));
  const removed = await tell({ type: "remove_point", place: [first.x[3], first.y[3]], mixture: null });
  assert.equal(removed.n, first.n);
  assert.equal(removed.x[3], first.x[4]);
  for (const wanted of [added, moved, first]) {
    const back = await tell({ type: "undo" });
    assert.equal(back.id, wanted.id);
    assert.equal(back.resumes, true);
    assert.equal(back.curve, wanted.curve);
  }
  assert.equal(refit.undoable, false);
  const same = stage.given.beginning;
  assert.equal((await tell({ type: "undo" })).beginning, same);
});

test("each event counts once, and all are acknowledged", async () => {
  const { stage, tell } = opened();
  await tell({ type: "add_points", points: [[1, 2]], mixture: null });
  const n = stage.given.n;
  stage.host.send([
    { number: 1, type: "add_points", points: [[1, 2]], mixture: null },
    { number: 2, type: "nonsense" },
    { number: 3, type: "add_points", points: [[3, 2]], mixture: null },
  ]);
  await new Promise((resume) => setTimeout(resume, 5));
  assert.equal(stage.given.n, n + 1);
  assert.equal(stage.given.acknowledged, 3);
});

test("what makes no sense changes nothing", async () => {
  const { stage, tell } = opened();
  const { n, curve } = stage.given;
  const forged = { weights: [1], means: [0, 0], covariances: [1, 0, 1] };
  for (const event of [
    { type: "move_mean", mixture: forged },
    { type: "move_mean", mixture: placed(stage.given, NaN) },
    { type: "add_points", points: [[1], [NaN, 2]], mixture: null },
    { type: "remove_point", place: [1e6, 1e6], mixture: null },
    { type: "cure", name: "nonsense" },
  ]) {
    const run = await tell(event);
    assert.equal(run.n, n);
    assert.equal(run.curve, curve);
  }
});

test("without points there is no run, and with some there is one again", async () => {
  const { tell, stage } = opened();
  const empty = await tell({ type: "clear_points" });
  assert.deepEqual([empty.n, empty.states, empty.components], [0, 0, 0]);
  assert.ok(stage.host.answers({ type: "add_points" }, empty));
  const points = Array.from({ length: 30 }, (_, i) => [Math.sin(7 * i), Math.cos(5 * i)]);
  const run = await tell({ type: "add_points", points, mixture: null });
  assert.equal(run.n, 30);
  assert.ok(run.states > 1);
});

test("what is answered is what is asked for, of a run that the page can fit", () => {
  const answers = ({ stage }, type, run = stage.given) => stage.host.answers({ type }, run);
  const all = opened();
  for (const type of ["move_mean", "add_points", "remove_point", "clear_points", "undo"])
    assert.ok(answers(all, type));
  for (const type of ["new_start", "choose_components", "choose_family", "seen"])
    assert.ok(!answers(all, type));
  assert.ok(!answers(all, "move_mean", { ...all.stage.given, fit: null }));
  const means = opened({ only: ["move_mean"] });
  assert.ok(answers(means, "move_mean"));
  assert.ok(!answers(means, "add_points"));
  assert.equal(means.stage.host.undoable, undefined);
});

test("a newer change breaks a fit off", async () => {
  const { stage } = opened();
  const [run] = [stage.given];
  stage.host.send([{ number: 1, type: "move_mean", mixture: placed(run, 1.5) }]);
  stage.host.send([{ number: 2, type: "move_mean", mixture: placed(run, -1.5) }]);
  await new Promise((resume) => setTimeout(resume, 20));
  assert.equal(stage.shown.length, 1);
  assert.equal(stage.given.means[0], -1.5);
});
