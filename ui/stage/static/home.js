// The view a picture begins with.

import { mixtureAt } from "./codec.js";

/** An ellipse that reaches further beyond the data than this, in their spans, would leave them a speck. */
const FARTHEST = 1;

/** Room for the outline itself, in spans of the data. */
const SPARE = 0.02;

/** x0, x1, y0, y1 of all points and of the ellipses at `level` sigma of the states `at`, but for huge or far ones. */
export function homeOf(run, level, at) {
  if (!run.states) return run.frame;
  const [x0, x1, y0, y1] = run.frame;
  const [spanX, spanY] = [x1 - x0, y1 - y0];
  const view = [...run.frame];
  for (const t of at) {
    const { means, covariances } = mixtureAt(run, t);
    for (let k = 0; k < run.components; k++) {
      const [x, y] = means.subarray(2 * k, 2 * k + 2);
      const reachX = level * Math.sqrt(covariances[3 * k]) + SPARE * spanX;
      const reachY = level * Math.sqrt(covariances[3 * k + 2]) + SPARE * spanY;
      const far = Math.max((x0 - x + reachX) / spanX, (x + reachX - x1) / spanX, (y0 - y + reachY) / spanY, (y + reachY - y1) / spanY);
      if (far > FARTHEST) continue;
      view[0] = Math.min(view[0], x - reachX);
      view[1] = Math.max(view[1], x + reachX);
      view[2] = Math.min(view[2], y - reachY);
      view[3] = Math.max(view[3], y + reachY);
    }
  }
  return view;
}
