// The view a picture begins with.

import { mixtureAt } from "../model/mixture.js";

/** An ellipse that reaches further beyond the data than this, in their spans, would leave them a speck. */
const FARTHEST = 1;

/** Room for the outline itself, in spans of the data. */
const SPARE = 0.005;

/**
 * The ellipses that have room in a first view, in whole sigma and no fewer than 2: a view that followed every level
 * would be another in a link than where it was taken.
 * @param {number} level
 */
export const framedLevel = (level) => Math.max(2, Math.floor(level));

/**
 * The extent of the data and of the first and the last ellipses at `level` sigma, but for huge or far ones.
 * @param {EMRun} run
 * @param {number} level
 * @returns {Four}
 */
function reachOf(run, level) {
  const [x0, x1, y0, y1] = run.extent;
  const [spanX, spanY] = [x1 - x0, y1 - y0];
  /** @type {Four} */
  const reach = [...run.extent];
  for (const t of [0, run.states - 1]) {
    const { means, covariances } = mixtureAt(run, t);
    for (let k = 0; k < run.components; k++) {
      const [x, y] = means.subarray(2 * k, 2 * k + 2);
      const reachX = level * Math.sqrt(covariances[3 * k]) + SPARE * spanX;
      const reachY = level * Math.sqrt(covariances[3 * k + 2]) + SPARE * spanY;
      const farX = Math.max(x0 - x + reachX, x + reachX - x1) / spanX;
      const farY = Math.max(y0 - y + reachY, y + reachY - y1) / spanY;
      if (Math.max(farX, farY) > FARTHEST) continue;
      reach[0] = Math.min(reach[0], x - reachX);
      reach[1] = Math.max(reach[1], x + reachX);
      reach[2] = Math.min(reach[2], y - reachY);
      reach[3] = Math.max(reach[3], y + reachY);
    }
  }
  return reach;
}

/**
 * What is seen of an extent on `width` x `height` pixels: on equal axes one of its sides has room to spare.
 * @param {Four} extent
 * @param {Room} room
 * @returns {Four}
 */
function seenOf([x0, x1, y0, y1], { width, height, equal }) {
  if (!equal) return [x0, x1, y0, y1];
  const scale = Math.max((x1 - x0) / width, (y1 - y0) / height);
  const [spareX, spareY] = [(scale * width - (x1 - x0)) / 2, (scale * height - (y1 - y0)) / 2];
  return [x0 - spareX, x1 + spareX, y0 - spareY, y1 + spareY];
}

/** @typedef {{ width: number, height: number, equal: boolean }} Room pixels, and whether the axes are equal */

/**
 * The view to begin with: that of the data, the same for every start, unless it would cut an ellipse.
 * @param {EMRun} run
 * @param {number} level
 * @param {Room} room
 * @returns {Four}
 */
export function firstView(run, level, room) {
  // Of a line the curves fade out by themselves.
  if (!run.states || run.dimensions === 1) return run.extent;
  const reach = reachOf(run, level);
  const [x0, x1, y0, y1] = seenOf(run.extent, room);
  const cut = reach[0] < x0 || reach[1] > x1 || reach[2] < y0 || reach[3] > y1;
  return cut ? reach : run.extent;
}
