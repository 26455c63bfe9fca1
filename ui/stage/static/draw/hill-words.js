// What stands about hills: the lines on their floor, its ticks, the scale upwards and the numbers of the components.

import { DROP, RISE, project } from "./camera.js";

/** So many ticks on a side of the floor, about, and on the scale upwards. */
const TICKS = 4;
const HEIGHTS = 3;

/** Of 1, 2 and 5 with noughts, the least that gives no more than about `wanted` ticks. */
function stepFor(/** @type {number} */ span, /** @type {number} */ wanted) {
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  return power * ([1, 2, 5].find((digit) => digit * power >= (0.8 * span) / wanted) ?? 10);
}

/**
 * Round numbers between two ends, and how they are written.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function ticksOf(low, high, wanted) {
  const step = stepFor(high - low, wanted);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: String(Number(value.toPrecision(12))).replace("-", "−") };
  });
}

/**
 * An outline in the plane, as it lies on the floor: SVG in pixels.
 * @param {string} path whose places are written x,y
 * @param {Floor} floor
 * @param {Projection} projection
 */
export const onFloor = (path, floor, projection) =>
  path.replaceAll(/(-?[\d.]+(?:e[+-]?\d+)?),(-?[\d.]+(?:e[+-]?\d+)?)/g, (_, x, y) =>
    project(projection, ...floor.toBox(Number(x), Number(y)), 0)
      .map((pixels) => pixels.toFixed(2))
      .join(","),
  );

/**
 * What is written and drawn of the axes: lines [from, to] and texts, in pixels.
 * @param {Hills} hills
 * @param {Four} extent
 * @param {string[]} columns
 * @param {Projection} projection
 * @param {number} letter pixels
 */
export function axesOf(hills, [x0, x1, y0, y1], columns, projection, letter) {
  const { across, along, toBox, top } = hills;
  const { right, down, towards } = projection;
  const at = (/** @type {number} */ u, /** @type {number} */ v, w = 0) => project(projection, u, v, w);
  const [nearU, nearV] = [(Math.sign(towards[0]) * across) / 2, (Math.sign(towards[1]) * along) / 2];
  const corners = [
    [-across / 2, -along / 2],
    [across / 2, -along / 2],
    [across / 2, along / 2],
    [-across / 2, along / 2],
  ];
  /** @type {[number, number][][]} */
  const grid = [];
  /** @type {{ at: [number, number], text: string, title?: boolean }[]} */
  const texts = [];
  // Away from the middle of the floor, as it is seen.
  /** @type {(place: [number, number], u: number, v: number, far: number) => [number, number]} */
  const outside = (place, u, v, far) => {
    const [dx, dy] = [right[0] * u + right[1] * v, down[0] * u + down[1] * v];
    const length = Math.hypot(dx, dy) || 1;
    return [place[0] + (far * dx) / length, place[1] + (far * dy) / length];
  };
  for (const { value, text } of ticksOf(x0, x1, TICKS)) {
    const [u] = toBox(value, y0);
    grid.push([at(u, -along / 2), at(u, along / 2)]);
    texts.push({ at: outside(at(u, nearV), 0, nearV, 1.1 * letter), text });
  }
  for (const { value, text } of ticksOf(y0, y1, TICKS)) {
    const [, v] = toBox(x0, value);
    grid.push([at(-across / 2, v), at(across / 2, v)]);
    texts.push({ at: outside(at(nearU, v), nearU, 0, 1.3 * letter), text });
  }
  texts.push({ at: outside(at(0, nearV), 0, nearV, 2.9 * letter), text: columns[0], title: true });
  texts.push({ at: outside(at(nearU, 0), nearU, 0, 3.4 * letter), text: columns[1], title: true });
  // The scale upwards stands at the corner that is farthest to the left.
  const [leftU, leftV] = corners.reduce((most, corner) =>
    project(projection, corner[0], corner[1], 0)[0] < project(projection, most[0], most[1], 0)[0]
      ? corner
      : most,
  );
  const scale = [];
  const heights = [];
  if (-down[2] * RISE > 4 * letter) {
    scale.push([at(leftU, leftV, DROP), at(leftU, leftV, DROP + RISE)]);
    for (const { value, text } of ticksOf(0, top, HEIGHTS)) {
      const [px, py] = at(leftU, leftV, DROP + (RISE * value) / top);
      scale.push([
        [px - 4, py],
        [px, py],
      ]);
      heights.push({ at: /** @type {[number, number]} */ ([px - 8, py]), text });
    }
    const [px, py] = at(leftU, leftV, DROP + RISE);
    texts.push({ at: [px, py - 1.1 * letter], text: "density", title: true });
  }
  return { edge: corners.map(([u, v]) => at(u, v)), grid, texts, scale, heights };
}
