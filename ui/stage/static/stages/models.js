// What a pane needs to know of its run's algorithm: the components of a picture, whose the points are, and the
// shapes to draw.

import { clustersAt, mixClusters, nearest } from "../model/clusters.js";
import { evaluateMarks } from "../model/columns.js";
import { between, mixtureAt } from "../model/mixture.js";
import { pictureAt } from "../model/timeline.js";
import { describeClusters, describeMixture } from "../words/description.js";
import { clusterShapes, mixtureShapes } from "../draw/shapes.js";
import { inertiaFigure, objectiveFigure } from "../draw/staircase.js";

/** @type {Model} */
export const MIXTURE = {
  picture: "The picture",
  at: (run, index) => mixtureAt(run, pictureAt(index).iteration),
  shares: (marks, mixture) => evaluateMarks(marks, mixture).responsibilities,
  between,
  shapes: mixtureShapes,
  describe: describeMixture,
  // The runs of the dial are too many for a curve each; beside K-Means there is no room for the strip.
  figure: (run) => (run.dial ? null : objectiveFigure(run, !run.kmeans)),
  hasDensity: true,
};

/** @type {Model} */
export const KMEANS = {
  picture: "The picture of K-Means",
  at: (run, index, view) => clustersAt(run, index, view.radius),
  shares: nearest,
  between: mixClusters,
  shapes: clusterShapes,
  describe: describeClusters,
  figure: inertiaFigure,
  hasDensity: false,
};
