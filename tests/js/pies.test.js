import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_PIES, drawPies, sectorEnds } from "../../ui/stage/static/draw/pies.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { HeldView } from "../../ui/stage/static/stages/held-view.js";
import { assertClose, messageBytes } from "./oracle.js";

const [RUN] = readRuns(messageBytes("lab"));
const THEME = { grey: "#808080", background: "#ffffff" };

/** The areas of the sectors of an SVG path about (0, 0), from its corners on the circle. */
const turnsOf = (path) => {
  const [start, ...ends] = [...path.matchAll(/(?:M|0 0 1 )(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) =>
    Math.atan2(Number(x), -Number(y)),
  );
  const turn = (from, to) => (((to - from) / (2 * Math.PI)) % 1) + (to < from ? 1 : 0);
  return turn(start, ends[0]) + turn(ends[0], ends[1]);
};

test("sectors are as large as the shares, and none is thinner than half a degree", () => {
  const shares = [0.5, 0.3, 0.2, 0.4, 0.6 - 1e-3, 1e-3];
  assertClose(sectorEnds(shares, 0, 3), [0.5, 0.8, 1]);
  const ends = sectorEnds(shares, 3, 3);
  assertClose([ends[0], ends[1], ends[2]], [0.4 / 0.999, 1, 1]);
  assertClose(sectorEnds([0, 1, 0], 0, 3), [0, 1, 1]);
});

test("a saved pie has a path for every sector, of its share of the turn and in its colour", () => {
  const pies = {
    shares: Float64Array.of(0.6, 0.3, 0.1),
    colours: ["#ff0000", "#00ff00", "#0000ff"],
    strength: 1,
  };
  const place = { px: Float32Array.of(0), py: Float32Array.of(0) };
  const svg = drawPies(place, pies, { radius: 1000, theme: THEME });
  const paths = [...svg.matchAll(/fill="(rgb[^"]+)" d="([^"]+)"/g)];
  assert.deepEqual(
    paths.map(([, fill]) => fill),
    ["rgb(255,0,0)", "rgb(0,255,0)", "rgb(0,0,255)"],
  );
  assertClose(
    paths.map(([, , path]) => turnsOf(path)),
    [0.6, 0.3, 0.1],
    1e-4,
  );
  const hollow = drawPies(place, pies, { radius: 1000, filled: [0], theme: THEME });
  assert.ok(hollow.includes("A550 550"));
  const grey = drawPies(place, { ...pies, strength: 0 }, { radius: 5, theme: THEME });
  assert.equal(grey.match(/rgb\(128,128,128\)/g).length, 3);
});

test("pies and glyphs shut each other out, and give way to labels and to many points", () => {
  const held = new HeldView();
  held.hear({ ...RUN.view, glyphs: "pies" }, RUN.choices);
  const many = { ...RUN, components: RUN.glyphs_from };
  assert.deepEqual([held.piesFor(many), held.glyphedFor(many)], [true, false]);
  assert.equal(held.piesFor({ ...RUN, n: MOST_PIES + 1 }), false);
  held.values.colour = "truth";
  assert.equal(held.piesFor(RUN), false);
  held.values.colour = "hard";
  held.values.glyphs = held.otherGlyphs(RUN);
  assert.deepEqual([held.piesFor(RUN), held.glyphedFor(RUN)], [false, true]);
});
