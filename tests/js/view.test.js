import assert from "node:assert/strict";
import { test } from "node:test";

import { blend } from "../../ui/stage/static/draw/colour.js";
import { BACKGROUNDS } from "../../ui/stage/static/draw/background.js";
import { COLOUR_VIEWS, paintMarks } from "../../ui/stage/static/draw/colour-views.js";
import { shareColours } from "../../ui/stage/static/draw/theme.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { HeldView } from "../../ui/stage/static/stages/held-view.js";
import { Places } from "../../ui/stage/static/stages/places.js";
import { flat, messageBytes, oracle } from "./oracle.js";

const [RUN] = readRuns(messageBytes("lab"));

/** A view that has heard what the message says. */
function heard(changes = {}) {
  const held = new HeldView();
  held.hear({ ...RUN.view, ...changes }, RUN.choices);
  return held;
}

test("what Python lists, the stage can draw", () => {
  assert.deepEqual(
    COLOUR_VIEWS,
    oracle.choices.colours.map(([name]) => name),
  );
  const { backgrounds, line_backgrounds: ofALine } = oracle.choices;
  const listed = [...backgrounds, ...ofALine].map(([name]) => name);
  // A line has its curves whatever is behind them; hills are a picture of their own, draw/scene.js.
  assert.deepEqual(new Set([...Object.keys(BACKGROUNDS), "hills"]), new Set([...listed, "curves"]));
});

test("only what Python says anew counts", () => {
  const held = heard();
  held.values.colour = "hard";
  held.values.trails = false;
  held.hear({ ...RUN.view, glyphs: "on" }, RUN.choices);
  assert.deepEqual([held.values.colour, held.values.trails, held.values.glyphs], ["hard", false, "on"]);
  held.hear({ ...RUN.view, glyphs: "on", colour: "uncertainty" }, RUN.choices);
  assert.equal(held.values.colour, "uncertainty");
});

test("a stage goes on with the view of the one before, and leaves that alone", () => {
  const before = heard();
  before.values.colour = "hard";
  const next = new HeldView(before);
  next.hear(RUN.view, RUN.choices);
  next.values.behind = "field";
  assert.deepEqual([next.values.colour, before.values.behind], ["hard", "nothing"]);
});

test("a rounded level is the one that is meant", () => {
  assert.equal(heard().values.level, oracle.choices.levels[2]);
});

test("the address holds what is not usual, as texts", () => {
  assert.deepEqual(heard({ level: 2 }).parameters(0, RUN.view_defaults), {});
  const held = heard({ colour: "hard", trails: false, present: true });
  const wanted = { at: "5", colour: "hard", level: "2.45", trails: "off", present: "on" };
  assert.deepEqual(held.parameters(5, RUN.view_defaults), wanted);
});

test("a view leaves what a run has not", () => {
  const held = heard({ colour: "component", one: 7 });
  held.fit(RUN);
  assert.deepEqual([held.values.colour, held.values.one], ["blended", 0]);
  held.values.colour = "truth";
  held.fit(RUN);
  assert.equal(held.values.colour, "truth");
  held.fit({ ...RUN, labels: undefined });
  assert.equal(held.values.colour, "blended");
});

test("glyphs follow the number of components until people choose, and back", () => {
  for (const components of [2, RUN.glyphs_from]) {
    const run = { ...RUN, components };
    const held = heard();
    const usual = held.glyphedFor(run);
    assert.equal(usual, components === RUN.glyphs_from);
    held.values.glyphs = held.otherGlyphs(run);
    assert.equal(held.glyphedFor(run), !usual);
    held.values.glyphs = held.otherGlyphs(run);
    assert.deepEqual([held.values.glyphs, held.glyphedFor(run)], ["auto", usual]);
  }
});

test("a place is kept under another run, at the end if it was there", () => {
  const places = new Places();
  const run = { ...RUN, resumes: false, half_step: 2 };
  assert.equal(places.arrive(run, null), 2);
  assert.equal(places.arrive(run, places.of(run, 5, 8, false)), 5);
  assert.equal(places.arrive(run, places.of(run, 7, 8, false)), Infinity);
  places.leave(run, 4);
  assert.equal(places.arrive({ ...run, resumes: true }, null), 4);
  // Nothing to fit is no place to be.
  const nothing = { ...run, states: 0 };
  places.arrive(nothing, places.of(run, 6, 8, true));
  assert.deepEqual(places.of(nothing, 0, 1, false), { index: 6, atEnd: false, playing: true });
});

test("blends look as those that Python draws into reports", () => {
  const { shares, palette, blended } = oracle.colours;
  const found = blend(flat(shares), palette);
  blended.forEach((colour, i) => {
    const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    // A table of gamma values stands in for the power: one step in 255.
    wanted.forEach((value, c) => assert.ok(Math.abs(found[3 * i + c] - value) <= 1, `${i}: ${colour}`));
  });
});

test("every way to colour gives every mark a colour", () => {
  const theme = { palette: oracle.colours.palette, grey: "#808080", faint: "#dddddd", alarm: "#ff0000" };
  const colours = shareColours(theme, { components: 2, rows: 2 });
  const marks = { n: 2, colours, one: 1, labels: Int32Array.of(0, -1), labelColours: [1], theme };
  const shares = Float64Array.of(1, 0, 0.5, 0.5);
  for (const view of COLOUR_VIEWS) assert.equal(paintMarks(view, { ...marks, shares }).length, 6);
  const noisy = { ...marks, colours: shareColours(theme, { components: 2, rows: 3 }) };
  const lost = Float64Array.of(0, 0, 1, 1, 0, 0);
  for (const view of ["blended", "hard"]) {
    assert.deepEqual(
      Array.from(paintMarks(view, { ...noisy, shares: lost })).slice(0, 3),
      Array(3).fill(128),
    );
  }
  assert.deepEqual(Array.from(paintMarks("blended", { ...marks, shares: null })), Array(6).fill(128));
  assert.deepEqual(Array.from(paintMarks("truth", { ...marks, shares: null })).slice(3), Array(3).fill(128));
});
