// Where the cells of centres end.

/** @typedef {number[]} Corner x and y */

/**
 * The part of a frame nearer to each centre than to any other, as corners in turn; empty outside it.
 * @param {Components} clusters
 * @param {{ x0: number, x1: number, y0: number, y1: number }} frame
 */
export function voronoiCells({ means }, { x0, x1, y0, y1 }) {
  const frame = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  const centres = Array.from({ length: means.length / 2 }, (_, k) => [means[2 * k], means[2 * k + 1]]);
  return centres.map((own, k) =>
    centres.reduce((polygon, other, j) => (j === k ? polygon : cut(polygon, own, other, j < k)), frame),
  );
}

/**
 * What is left of a convex polygon on the side of `own`; a centre on the very place of an earlier one has nothing.
 * @param {Corner[]} polygon
 * @param {Corner} own
 * @param {Corner} other
 * @param {boolean} otherIsFirst
 */
function cut(polygon, own, other, otherIsFirst) {
  const [nx, ny] = [other[0] - own[0], other[1] - own[1]];
  if (nx === 0 && ny === 0) return otherIsFirst ? [] : polygon;
  const [mx, my] = [(own[0] + other[0]) / 2, (own[1] + other[1]) / 2];
  const beyond = polygon.map(([x, y]) => (x - mx) * nx + (y - my) * ny);
  /** @type {Corner[]} */
  const kept = [];
  polygon.forEach((corner, i) => {
    const next = (i + 1) % polygon.length;
    if (beyond[i] <= 0) kept.push(corner);
    if (beyond[i] < 0 !== beyond[next] < 0 && beyond[i] !== beyond[next]) {
      const share = beyond[i] / (beyond[i] - beyond[next]);
      kept.push(corner.map((value, axis) => value + share * (polygon[next][axis] - value)));
    }
  });
  return kept;
}
