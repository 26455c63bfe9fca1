import assert from "node:assert/strict";
import { test } from "node:test";

import { evaluate, withLogJoint } from "../../ui/stage/static/model/log-joint.js";
import { gridLines, heightFor, hillOf, landscapeOf } from "../../ui/stage/static/model/landscape.js";
import { along, marginalsAt } from "../../ui/stage/static/model/marginals.js";
import { Camera, DROP, RISE, project, projectionOf } from "../../ui/stage/static/draw/camera.js";
import { onFloor, ticksOf } from "../../ui/stage/static/draw/hill-words.js";
import { floorOf, hillsOf, paintHills } from "../../ui/stage/static/draw/hills.js";
import { panelsOf } from "../../ui/stage/static/draw/margins.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { KINDS, assertClose, flat, messageBytes, oracle } from "./oracle.js";

const SHAPES = Object.fromEntries(
  ["weights", "means", "covariances"].map((name) => [name, flat(oracle.shapes[name])]),
);
const MIXTURE = withLogJoint(SHAPES);
const THEME = {
  palette: oracle.colours.palette,
  grey: "#888888",
  background: "#ffffff",
  text: "#000000",
};
const EXTENT = [-4, 5, -3, 6];
const WHAT = { mixture: MIXTURE, extent: EXTENT, equal: true, top: 0.2, one: null, theme: THEME };

for (const [name, { grid, along: axes }] of Object.entries(oracle.landscapes)) {
  test(`heights and marginals are gmm_core's: ${name}`, () => {
    const mixture = {
      ...withLogJoint({ ...SHAPES, weights: flat(grid.weights) }),
      ...(grid.noise && { noise: grid.noise, logNoise: Math.log(grid.noise / grid.volume) }),
    };
    const hills = hillsOf({ ...WHAT, mixture, lines: 9 });
    const { logDensities } = evaluate(hills.x, hills.y, mixture);
    assertClose(hills.layers[0].heights, logDensities.map(Math.exp), 1e-12);
    const [x, y] = [0, 1].map((axis) => grid.places.map((place) => place[axis]));
    assertClose(evaluate(x, y, mixture).logDensities.map(Math.exp), grid.densities, 1e-12);
    axes.forEach(({ places, densities }, axis) => {
      const found = places.map((place) =>
        Array.from(marginalsAt(mixture, axis, place, [-100, 100])).slice(1),
      );
      assertClose(found.flat(), densities, 1e-12);
    });
  });
}

test("grid lines rise from end to end, and are many where a component is narrow", () => {
  const narrow = {
    ...SHAPES,
    covariances: SHAPES.covariances.map((value, i) => (i < 3 ? 1e-6 * value : value)),
  };
  const lines = gridLines(narrow, 0, -4, 5, 60);
  assert.deepEqual([lines[0], lines[59]], [-4, 5]);
  for (let i = 1; i < 60; i++) assert.ok(lines[i] > lines[i - 1]);
  const deviation = Math.sqrt(narrow.covariances[0]);
  assert.ok(lines.filter((line) => Math.abs(line - narrow.means[0]) < 3 * deviation).length > 5);
});

test("the hills of the components and the noise add up to the mixture's", () => {
  const noisy = { ...MIXTURE, logNoise: Math.log(0.01) };
  const land = landscapeOf(noisy, EXTENT, 12);
  const parts = [0, 1, 2].map((k) => hillOf(land, noisy, k));
  assertClose(
    land.heights,
    parts[0].map((height, i) => height + parts[1][i] + parts[2][i] + 0.01),
    1e-12,
  );
});

test("a component alone stands below the whole", () => {
  const { layers } = hillsOf({ ...WHAT, one: 1, lines: 20 });
  assert.equal(layers.length, 2);
  assert.ok(layers[0].w.every((w, i) => w <= layers[1].w[i]));
});

for (const kind of KINDS) {
  test(`no hill leaves the box, and none is flattened by one without end: ${kind}`, () => {
    const [run] = readRuns(messageBytes(kind));
    const collapsing = { ...run, covariances: run.covariances.slice() };
    delete collapsing.constants;
    const last = 3 * run.components * (run.states - 1);
    collapsing.covariances.set([1e-14, 0, 1e-14], last);
    assert.ok(heightFor(run) > 0);
    assert.ok(heightFor(collapsing) < 30 * heightFor(run));
    const { layers } = hillsOf({ ...WHAT, top: 1e-3, lines: 12 });
    assert.ok(layers[0].w.every((w) => w >= DROP && w <= DROP + RISE));
  });
}

test("from every side the box is in the picture, and what is higher is seen higher", () => {
  const camera = new Camera();
  const room = { width: 700, height: 500 };
  const box = floorOf([0, 2, 0, 1], true);
  assert.deepEqual([box.across, box.along], [1, 0.5]);
  for (let round = 0; round < 24; round++) {
    camera.turn(15, 0);
    const projection = projectionOf(camera, box, room);
    for (const [x, y] of [
      [0, 0],
      [2, 0],
      [2, 1],
      [0, 1],
    ]) {
      const [px, py] = project(projection, ...box.toBox(x, y), 0);
      assert.ok(px >= 0 && px <= 700 && py >= 0 && py <= 500);
      assert.ok(project(projection, ...box.toBox(x, y), DROP)[1] < py);
    }
  }
});

test("from straight above, hills lie on the floor as the plane does", () => {
  const camera = new Camera();
  camera.turn(-28, 90);
  assert.deepEqual([camera.azimuth, camera.elevation], [-90, 90]);
  const box = floorOf(EXTENT, true);
  const projection = projectionOf(camera, box, { width: 400, height: 400 });
  const path = onFloor("M-4,-3L5,-3L5,6Z", box, projection);
  const numbers = path.match(/-?[\d.]+/g).map(Number);
  assert.ok(numbers[2] - numbers[0] > 100);
  assertClose([numbers[3], numbers[4]], [numbers[1], numbers[2]], 1e-4);
  assertClose([numbers[3] - numbers[5]], [numbers[2] - numbers[0]], 1e-4);
});

test("what is nearer covers what is behind it", () => {
  const [width, height] = [300, 220];
  const seen = (round) => {
    const camera = new Camera();
    camera.turn(round, 0);
    const hills = hillsOf(WHAT);
    const words = new Uint32Array(width * height);
    paintHills({ words, width, height }, hills, projectionOf(camera, hills, { width, height }), 1, 0);
    return words;
  };
  const [front, back] = [seen(0), seen(180)];
  const covered = front.filter((word) => word >>> 24 === 255).length;
  assert.ok(covered > 0.1 * width * height);
  assert.ok(
    front.every((word) => word === 0 || word >>> 24 === 255),
    "no seams",
  );
  assert.ok(front.filter((word, i) => word !== back[i]).length > 0.5 * covered);
});

test("ticks are round numbers within the ends", () => {
  assert.deepEqual(
    ticksOf(-5.3, 6.1, 4).map(({ text }) => text),
    ["−5", "0", "5"],
  );
  assert.deepEqual(
    ticksOf(0, 0.081, 3).map(({ text }) => text),
    ["0", "0.05"],
  );
});

test("the panels follow the frame, the sum last, and the noise where there is any", () => {
  const [run] = readRuns(messageBytes("em"));
  const mixture = { ...MIXTURE, noise: 0.1 };
  const frame = { width: 300, height: 200, x0: -4, x1: 5, y0: -3, y1: 6 };
  const [above, beside] = panelsOf(run, mixture, frame, 50, THEME);
  // Bars, noise, three components, and their sum.
  assert.equal(above.length, 1 + 2 * 4 + 1);
  assert.equal(above.at(-1).stroke, THEME.text);
  const { range, top } = along(run, 0);
  const places = above
    .at(-1)
    .path.slice(1)
    .split("L")
    .map((place) => place.split(",").map(Number));
  for (const [px, py] of places.slice(0, 100)) {
    const sum = marginalsAt(mixture, 0, -4 + (px / 300) * 9, range).reduce((total, part) => total + part);
    assertClose([py], [-4 - 46 * Math.min(1, sum / top)], 1e-3);
  }
  const right = beside
    .at(-1)
    .path.slice(1)
    .split("L")
    .map((place) => place.split(",").map(Number));
  assert.ok(right.every(([px, py]) => px >= 304 && px <= 350 && py >= 0 && py <= 200));
});
