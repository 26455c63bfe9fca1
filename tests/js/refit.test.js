// What a hand does where no Python is: the runs that the page makes of it.

import assert from "node:assert/strict";
import test from "node:test";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { plain } from "../../ui/stage/static/protocol/plain.js";
import { mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { Drag } from "../../ui/stage/static/stages/drag.js";
import { onTheLine } from "../../ui/stage/static/model/line.js";
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
function opened({ fit = FIT, told = {}, ...options } = {}) {
  const [run] = readRuns(messageBytes("lab"));
  const stage = {
    host: { remember() {} },
    outbox: { host: null },
    announcement: { cures: [], offer: (cures) => (stage.announcement.cures = [...cures]) },
    run,
    given: { ...run, fit, ...told },
    shown: [],
    /** Whether undoing is offered. */
    undoes: false,
    showControls: () => (stage.undoes = stage.host.undoable?.()),
    async take([given]) {
      this.given = given;
      this.shown.push(given);
      this.announcement.offer(given.stop?.cures ?? []);
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

/** Until something is so, with the event loop's turns meanwhile. */
async function until(isSo) {
  let turns = 0;
  for (; !isSo(); turns++) {
    assert.ok(turns < 2000, "it never comes");
    await new Promise((resume) => setTimeout(resume));
  }
  return turns;
}

/** A mixture whose first component sits on a point where no other one reaches. */
function alone(run) {
  const mixture = placed(run, 100);
  mixture.means[1] = 100;
  return mixture;
}

const scattered = (n) =>
  Array.from({ length: n }, (_, i) => [4 * Math.sin(7 * i) + Math.sin(i * i), 3 * Math.cos(5 * i)]);

test("of a collapse of Python's the page does what changes settings alone, as its button says", async () => {
  const cures = [
    ["start", "Another start", null],
    ["regularise", "A little regularisation: 0.5 on every variance", { reg_covar: 0.5 }],
    ["prior", "A prior on the shapes", null],
    ["fewer", "One component fewer", null],
  ];
  const stop = { reason: "COMPONENT_COLLAPSED", sentence: "", cures };
  const { stage, tell } = opened({ told: { stop } });
  const answered = () =>
    cures.map(([name]) => name).filter((name) => stage.host.answers({ type: "cure", name }, stage.given));
  assert.deepEqual(answered(), ["regularise"]);
  await tell({ type: "move_mean", mixture: placed(stage.given, 1.5) });
  // A copy of Python's run is Python's still.
  await tell({ type: "undo" });
  assert.deepEqual(answered(), ["regularise"]);
  const { curve } = stage.given;
  assert.equal((await tell({ type: "cure", name: "fewer" })).curve, curve);
  const run = await tell({ type: "cure", name: "regularise" });
  assert.equal(run.fit.reg_covar, 0.5);
  assert.deepEqual(run.m_step, { reg: 0.5 });
});

test("the first start is offered again, on a line as in the plane", async () => {
  for (const dimensions of [2, 1]) {
    const told = dimensions === 1 ? { dimensions, extent: [-6, 6], true_shapes: null } : {};
    const { stage, tell } = opened({ told, fit: { ...FIT, step_limit: 4 } });
    const { means } = stage.given;
    if (dimensions === 1) stage.given.y.fill(0);
    // So thin, and on one of the points, it holds that one alone.
    const mixture = placed(stage.given, stage.given.x[3]);
    mixture.means[1] = stage.given.y[3];
    mixture.covariances.splice(0, 3, 1e-6, 0, 1e-6);
    const onALine = {
      weights: mixture.weights,
      means: mixture.means.filter((_, i) => i % 2 === 0),
      covariances: mixture.covariances.filter((_, i) => i % 3 === 0),
    };
    await tell({ type: "move_mean", mixture: dimensions === 1 ? onALine : mixture });
    assert.equal(stage.given.stop.reason, "COMPONENT_COLLAPSED");
    await until(() => stage.announcement.cures.some(([name]) => name === "start"));
    const seen = dimensions === 1 ? onTheLine(stage.given) : stage.given;
    assert.ok(stage.host.answers({ type: "cure", name: "start" }, seen));
    const run = await tell({ type: "cure", name: "start" });
    assert.notEqual(run.stop.reason, "COMPONENT_COLLAPSED");
    assert.equal(run.means[0], means[0]);
  }
});

test("cures are tried while the run is seen, in pieces, and once", async () => {
  const { stage, tell } = opened();
  const points = [...scattered(4000), [100, 100]];
  stage.host.send([{ number: 1, type: "add_points", points, mixture: alone(stage.given) }]);
  await until(() => stage.shown.length);
  assert.deepEqual(stage.announcement.cures, []);
  const turns = await until(() => stage.announcement.cures.some(([name]) => name === "regularise"));
  assert.ok(turns >= 3, `${turns} turns`);
  const [, title] = stage.announcement.cures.find(([name]) => name === "regularise");
  const { given } = stage;
  // What was found is kept with the button: the very next turn is that of its fit.
  stage.host.send([{ number: 2, type: "cure", name: "regularise" }]);
  await until(() => stage.given !== given);
  assert.ok(title.includes(`: ${stage.given.fit.reg_covar} on`));
  assert.notEqual(stage.given.stop.reason, "COMPONENT_COLLAPSED");
  assert.equal(stage.given.beginning, given.beginning);
  // And the run before, once it is back, has its buttons at once.
  const back = await tell({ number: 3, type: "undo" });
  assert.equal(back.id, given.id);
  assert.deepEqual(stage.announcement.cures, given.stop.cures);
});

test("where no cure is answered none is tried", async () => {
  const { stage, refit } = opened({ only: ["add_points"] });
  const mixture = alone(stage.given);
  stage.host.send([{ number: 1, type: "add_points", points: [[100, 100]], mixture }]);
  await until(() => stage.shown.length);
  await new Promise((resume) => setTimeout(resume, 50));
  assert.equal(stage.given.stop.reason, "COMPONENT_COLLAPSED");
  assert.equal(refit.experiment.cures.size, 0);
});

/** A stage in a fit that takes seconds, and what its note has been told. */
async function fitting() {
  const heard = [];
  const fit = { ...FIT, tolerance: 0, step_limit: 100_000 };
  const { stage, tell } = opened({ fit, watch: (...said) => heard.push(said) });
  const mixture = placed(stage.given, 1.5);
  stage.host.send([{ number: 1, type: "add_points", points: scattered(15_000), mixture }]);
  await until(() => heard.some(([, most]) => most > 0));
  return { stage, tell, heard, settled: () => new Promise((resume) => setTimeout(resume, 150)) };
}

test("a fit that is broken off leaves no progress behind", async () => {
  for (const type of ["undo", "clear_points"]) {
    const { stage, heard, settled } = await fitting();
    assert.ok(stage.undoes);
    stage.host.send([{ number: 2, type }]);
    await settled();
    assert.deepEqual(heard.at(-1), [0, 0]);
    assert.equal(stage.shown.length, 1);
  }
});

test("a stage that is gone, or shows another run, fits no further", async () => {
  const leave = [
    (stage) => (stage.gone = true),
    (stage) => (stage.given = { ...stage.given, id: "of another lesson" }),
  ];
  for (const left of leave) {
    const { stage, heard, settled } = await fitting();
    left(stage);
    await settled();
    assert.deepEqual(heard.at(-1), [0, 0]);
    const { length } = heard;
    await settled();
    assert.equal(heard.length, length);
    assert.deepEqual(stage.shown, []);
  }
});

test("the truth is that of the points that are left, as Python has it, and none of others", async () => {
  const { stage, tell } = opened();
  const first = stage.given;
  const moved = await tell({ type: "move_mean", mixture: placed(first, 1.5) });
  for (const name of ["weights", "means", "covariances"])
    assertClose(moved.true_shapes[name], first.true_shapes[name]);
  const gone = Array.from(first.labels).findIndex((label) => label === 0);
  const removed = await tell({ type: "remove_point", place: [first.x[gone], first.y[gone]], mixture: null });
  const counts = [0, 1].map((kind) => removed.labels.filter((label) => label === kind).length);
  assertClose(
    removed.true_shapes.weights,
    counts.map((count) => count / removed.n),
  );
  const members = Array.from(removed.x).filter((_, i) => removed.labels[i] === 0);
  assertClose([removed.true_shapes.means[0]], [members.reduce((sum, x) => sum + x, 0) / members.length]);
  assert.equal(removed.data_id, first.data_id);
  const added = await tell({ type: "add_points", points: [[50, 2]], mixture: null });
  assert.deepEqual(added.label_names, first.label_names);
  assert.deepEqual(added.extent, [first.extent[0], 50, ...first.extent.slice(2)]);
  await tell({ type: "clear_points" });
  const drawn = await tell({ type: "add_points", points: scattered(30), mixture: null });
  assert.notEqual(drawn.data_id, first.data_id);
  assert.equal(drawn.true_shapes, null);
  assert.equal(drawn.labels, undefined);
  assert.deepEqual([drawn.label_names, drawn.label_colours], [[], []]);
  assert.equal(drawn.title, "Drawn by hand, K = 3, full");
  for (let i = 0; i < 2; i++) await tell({ type: "undo" });
  assert.equal(stage.given.data_id, first.data_id);
  assert.equal(stage.given.title, first.title);
});

test("points that count twice are points that lie there twice", async () => {
  const { stage, tell } = opened({ told: { weighted: true } });
  const { n, x, y } = stage.given;
  stage.given.point_weights = Float64Array.from({ length: n }, (_, i) => (i === 5 ? 2 : 1));
  const mixture = placed(stage.given, 1.5);
  const twice = await tell({ type: "move_mean", mixture });
  const plainly = opened();
  const beside = await plainly.tell({ type: "add_points", points: [[x[5], y[5]]], mixture });
  assertClose(twice.curve, beside.curve);
  const removed = await tell({ type: "remove_point", place: [x[0], y[0]], mixture: null });
  assert.deepEqual(Array.from(removed.point_weights), [1, 1, 1, 1, 2, ...Array(n - 6).fill(1)]);
  const added = await tell({ type: "add_points", points: [[1, 1]], mixture: null });
  assert.equal(added.point_weights[n - 1], 1);
  await tell({ type: "clear_points" });
  const drawn = await tell({ type: "add_points", points: scattered(30), mixture: null });
  assert.equal(drawn.weighted, false);
  assert.equal(drawn.point_weights, undefined);
});

test("what a hand lets go is told once, though the handle is left afterwards", () => {
  const told = [];
  const pane = { override: null, displace: () => (pane.override = {}) };
  const player = { pause() {} };
  const stage = { panes: [pane], player, paint() {}, plainMixture: () => ({}), tell: (e) => told.push(e) };
  const drag = new Drag(stage);
  for (let i = 1; i <= 2; i++) {
    drag.move(pane, 0, i, i);
    drag.drop();
    drag.drop();
    assert.equal(told.length, i);
  }
});
