// Fits what test_em.py sends with the stage's own EM, and answers with every state, for Python to hold against its own.

import { readFileSync } from "node:fs";
import { fit } from "../../ui/stage/static/model/em.js";
import { sentenceOf } from "../../ui/stage/static/words/stops.js";
import { lowerBound } from "../../ui/stage/static/model/bound.js";

const { cases } = JSON.parse(readFileSync(0, "utf-8"));

/** Rows as columns, and matrices as xx, xy, yy; those of a line laid into the plane. */
function laid({ points, weights, start }) {
  const line = points[0].length === 1;
  const column = (axis) => Float64Array.from(points, (point) => point[axis] ?? 0);
  const shapes = {
    weights: Float64Array.from(start.weights),
    means: Float64Array.from(start.means.flatMap(([x, y]) => [x, y ?? 0])),
    covariances: Float64Array.from(
      start.covariances.flatMap((rows) => (line ? [rows[0][0], 0, 1] : [rows[0][0], rows[0][1], rows[1][1]])),
    ),
  };
  const counted = weights && Float64Array.from(weights);
  return { sample: { x: column(0), y: column(1), line, weights: counted }, shapes };
}

const answers = cases.map((told) => {
  const { sample, shapes } = laid(told);
  const fitting = fit(sample, shapes, told.settings);
  const { states, reason, collapse } = fitting;
  const list = (name) => states.map((state) => Array.from(state.mixture[name]));
  return {
    reason,
    sentence: sentenceOf(fitting, told.settings.maxSteps),
    collapse,
    weights: list("weights"),
    means: list("means"),
    covariances: list("covariances"),
    log_likelihoods: states.map(({ logLikelihood }) => logLikelihood),
    counts: states.map(({ counts }) => Array.from(counts)),
    bounds: states.slice(1).map(({ mixture }, t) => lowerBound(states[t], mixture)),
  };
});
process.stdout.write(JSON.stringify(answers));
