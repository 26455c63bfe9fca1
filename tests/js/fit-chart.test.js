import assert from "node:assert/strict";
import { test } from "node:test";

import { themedFigure } from "../../ui/stage/static/draw/chart-figure.js";
import { boxOf, marksOf, nearest } from "../../ui/stage/static/draw/marks.js";
import { placeBeside } from "../../ui/stage/static/draw/placement.js";
import { HEIGHT, WIDTH, densities, frameOf, smallFit } from "../../ui/stage/static/draw/small-fit.js";
import { onPaper } from "../../ui/stage/static/draw/theme.js";
import { readFitChart } from "../../ui/stage/static/protocol/fit-chart.js";
import { assertClose } from "./oracle.js";

const THEME = {
  text: "#111111",
  grey: "#888888",
  background: "#ffffff",
  letter: 16,
  font: "serif",
  palette: [],
};

/** What Python would send of `d` columns: two components, and a point of each and of the noise. */
function message(d) {
  const fit = {
    ...{ id: "full 2", title: "full, K = 2", facts: ["BIC 7"], row: "full" },
    ...{ labels: [3, -1, 0, 3], colours: [0, 3], weights: [0.25, 0.75] },
    means: d === 1 ? [0, 1] : [0, 1, 2, 3],
    covariances: d === 1 ? [1, 4] : [1, 0.5, 0.5, 2, 4, 0, 0, 9],
  };
  const points = d === 1 ? [0, 1, 2, 3] : [0, 10, 1, 11, 2, 12, 3, 13];
  const extent = d === 1 ? [-1, 4] : [-1, 4, 0, 20];
  const glyphs = [{ name: "circle", rings: [] }];
  const palette = ["#000001", "#000002", "#000003", "#000004"];
  const rest = { figure: { data: [], layout: {} }, equal: d === 2, level: 2, glyphs, glyphs_from: 5 };
  return JSON.stringify({
    ...rest,
    dimensions: d,
    points,
    extent,
    fits: [fit],
    palette,
    name: "chart",
    label: "BIC",
  });
}

test("points become columns, and a line is laid into the plane", () => {
  const plane = readFitChart(message(2));
  assertClose(plane.x, [0, 1, 2, 3]);
  assertClose(plane.y, [10, 11, 12, 13]);
  assertClose(plane.fits[0].shapes.covariances, [1, 0.5, 2, 4, 0, 9]);
  assertClose(plane.fits[0].shapes.means, [0, 1, 2, 3]);
  const line = readFitChart(message(1));
  assertClose(line.y, [0, 0, 0, 0]);
  assertClose(line.fits[0].shapes.means, [0, 0, 1, 0]);
  assertClose(line.fits[0].shapes.covariances, [1, 0, 1, 4, 0, 1]);
});

test("the curve is the mixture's density", () => {
  const { shapes } = readFitChart(message(1)).fits[0];
  const { parts, sum } = densities(shapes, [0, 1, -3]);
  // Of the standard normal, from tables: 0.3989422804 at 0, 0.2419707245 at 1, 0.0539909665 at 2, 0.0044318484 at 3.
  const half = Math.exp(-0.125) * 0.3989422804014327;
  assertClose(parts[0], [0.25 * 0.3989422804, 0.25 * 0.2419707245, 0.25 * 0.0044318484], 1e-9);
  assertClose(parts[1], [0.375 * half, 0.375 * 0.3989422804, 0.375 * 0.0539909665], 1e-9);
  assertClose(
    sum,
    [0, 1, 2].map((i) => parts[0][i] + parts[1][i]),
  );
  const step = 0.01;
  const places = Array.from({ length: 4001 }, (_, i) => -20 + step * i);
  const area = densities(shapes, places).sum.reduce((total, height) => total + step * height, 0);
  assertClose([area], [1], 1e-6);
});

test("equal axes have one scale, and hold the extent", () => {
  for (const extent of [
    [0, 10, 0, 1],
    [0, 1, 0, 10],
    [-3, 5, 2, 7],
  ]) {
    const { x0, x1, y0, y1 } = frameOf({ extent, equal: true });
    assertClose([WIDTH / (x1 - x0)], [HEIGHT / (y1 - y0)]);
    assert.ok(x0 <= extent[0] && x1 >= extent[1] && y0 <= extent[2] && y1 >= extent[3]);
    assertClose([x0 + x1, y0 + y1], [extent[0] + extent[1], extent[2] + extent[3]]);
    const free = frameOf({ extent, equal: false });
    assertClose([free.x0, free.x1, free.y0, free.y1], extent);
  }
});

test("a picture has the colours of its components, and grey for the noise", () => {
  for (const d of [1, 2]) {
    const chart = readFitChart(message(d));
    const svg = smallFit(chart, chart.fits[0], THEME);
    for (const colour of ["#000001", "#000004", THEME.grey]) assert.ok(svg.includes(colour), colour);
    for (const colour of ["#000002", "#000003"]) assert.ok(!svg.includes(colour), colour);
    assert.ok(!/NaN|Infinity|undefined/.test(svg));
  }
});

test("a fit without components is its points, and one that has collapsed is no taller than the picture", () => {
  const line = readFitChart(message(1));
  const failed = { ...line.fits[0], colours: [], shapes: { weights: [], means: [], covariances: [] } };
  assert.ok(!/NaN|Infinity/.test(smallFit(line, failed, THEME)));
  const { shapes } = line.fits[0];
  const collapsed = { ...shapes, covariances: Float64Array.from([1e-12, 0, 1, 4, 0, 1]) };
  const svg = smallFit(line, { ...line.fits[0], shapes: collapsed }, THEME);
  const heights = [...svg.matchAll(/[ML]\d+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
  assert.ok(heights.length > 300 && heights.every((y) => y >= -9 && y <= HEIGHT));
});

/** Numbers in [0, 1) that are the same every time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (1103515245 * state + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test("a card lies within the window, and beside the mark wherever there is room", () => {
  const next = random(1);
  let besides = 0;
  for (let i = 0; i < 4000; i++) {
    const room = { width: 300 + 1200 * next(), height: 300 + 700 * next() };
    const card = { width: 100 + 180 * next(), height: 100 + 180 * next() };
    const [left, top] = [room.width * next(), room.height * next()];
    const mark = { left, top, right: left + 120 * next(), bottom: top + 120 * next() };
    const place = placeBeside(mark, card, room, i % 2 === 0);
    assert.ok(place.left >= 6 && place.top >= 6);
    assert.ok(place.left + card.width <= room.width - 6 + 1e-9);
    assert.ok(place.top + card.height <= room.height - 6 + 1e-9);
    const fits =
      Math.max(mark.left, room.width - mark.right) >= card.width + 16 ||
      Math.max(mark.top, room.height - mark.bottom) >= card.height + 16;
    const apart =
      place.left >= mark.right ||
      place.left + card.width <= mark.left ||
      place.top >= mark.bottom ||
      place.top + card.height <= mark.top;
    if (fits) assert.ok(apart, JSON.stringify({ mark, card, room, place }));
    besides += fits;
  }
  assert.ok(besides > 3000);
});

test("under a finger the card goes above the mark, for a pointer to its right", () => {
  const [mark, card] = [
    { left: 500, right: 510, top: 500, bottom: 510 },
    { width: 200, height: 200 },
  ];
  const room = { width: 1000, height: 1000 };
  assert.deepEqual(placeBeside(mark, card, room), { left: 520, top: 405 });
  assert.deepEqual(placeBeside(mark, card, room, true), { left: 405, top: 290 });
});

/** A plot as Plotly leaves it, with axes of 10 pixels a unit. */
function plot(traces) {
  const axis = (offset, downwards) => ({
    _offset: offset,
    _length: 100,
    d2c: (value) => Number(value),
    c2p: (value) => (downwards ? 100 - 10 * value : 10 * value),
  });
  return {
    _fullData: traces.map((trace) => ({ xaxis: "x", yaxis: "y", visible: true, ...trace })),
    _fullLayout: { xaxis: axis(40, false), yaxis: axis(5, true) },
  };
}

test("marks are found where they are drawn, those that are hidden or stand for nothing are not", () => {
  const ids = new Set(["a", "b", "c"]);
  const seen = marksOf(
    plot([
      { x: [1, 2, 3], y: [1, NaN, 3], customdata: ["a", "b", "z"], marker: { size: 20 } },
      { x: [1], y: [1], customdata: ["b"], visible: "legendonly" },
      { x: [2, 4], y: [5, 6, 7], z: [[0, 0], [0, 0]], customdata: [["c", null], ["z", "b"]] }, // prettier-ignore
    ]),
    ids,
  );
  assert.deepEqual(
    seen.map(({ id, curve, at }) => [id, curve, at]),
    [
      ["a", 0, 0],
      ["c", 2, [0, 0]],
      ["b", 2, [1, 1]],
    ],
  );
  const [point, cell] = seen;
  assert.deepEqual([(point.left + point.right) / 2, (point.top + point.bottom) / 2], [50, 95]);
  assert.ok(point.right - point.left >= 20);
  // Across from halfway to halfway, upwards from edge to edge.
  assert.deepEqual([cell.left, cell.right, cell.top, cell.bottom], [50, 70, 45, 55]);
});

test("a heat map of one row is as high as the plot, and places left out are counted", () => {
  const { top, bottom, left, right } = boxOf(plot([{ z: [[1, 2, 3]], x0: 1, dx: 2 }]), 0, [0, 1]);
  assert.deepEqual([top, bottom, left, right], [5, 105, 60, 80]);
});

test("a click means the mark beneath it or a near one, and a point rather than the cell it lies on", () => {
  const box = (id, at, left, top, size) => ({ id, at, left, top, right: left + size, bottom: top + size });
  const marks = [
    ...[box("cell", [0, 0], 0, 0, 100), box("next", [0, 1], 100, 0, 100)],
    ...[box("a", 0, 20, 20, 10), box("b", 1, 26, 20, 10), box("far", 2, 300, 20, 10)],
  ];
  const at = (x, y, reach) => nearest(marks, x, y, reach)?.id;
  assert.equal(at(60, 60, 14), "cell");
  assert.equal(at(150, 20, 14), "next");
  assert.equal(at(27, 25, 14), "a");
  assert.equal(at(30, 25, 14), "b");
  assert.equal(at(290, 25, 14), "far");
  assert.equal(at(250, 150, 14), undefined);
  assert.equal(at(330, 25, 22), "far");
});

test("a figure is in the theme's colours where it says nothing, and stands still", () => {
  const layout = { height: 111, xaxis2: { title: "K" }, yaxis: { gridcolor: "red" } };
  const { layout: themed, config } = themedFigure({ data: [], layout }, THEME, 500, "clear");
  assert.equal(themed.template.layout.font.color, THEME.text);
  assert.deepEqual([themed.width, themed.height, themed.paper_bgcolor], [500, 111, "clear"]);
  assert.deepEqual(themed.yaxis, { gridcolor: "red", fixedrange: true });
  assert.deepEqual(themed.xaxis2, { title: "K", fixedrange: true });
  assert.ok(themed.xaxis.fixedrange && themed.dragmode === false && config.displayModeBar === false);
});

test("paper is white and its letters are dark", () => {
  const { background, text, dark } = onPaper({
    ...THEME,
    background: "#000000",
    text: "#eeeeee",
    dark: true,
  });
  assert.equal(background, "#ffffff");
  assert.match(text, /^#[0-2]/);
  assert.equal(dark, false);
});
