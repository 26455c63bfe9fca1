// What a side needs to know of its run's algorithm: the components of a picture, whose the points are, and
// the shapes to draw.

import { mixtureAt } from "../protocol/message.js";
import { clustersAt, mixClusters, nearest } from "../model/clusters.js";
import { between, evaluate } from "../model/mixture.js";
import { pictureAt } from "../model/timeline.js";
import { clusterShapes, mixtureShapes } from "../draw/shapes.js";
import { describeClusters, describeMixture } from "../words/description.js";

export const MIXTURE = {
  picture: "The picture",
  at: (run, index) => mixtureAt(run, pictureAt(index).iteration),
  shares: (x, y, mixture) => evaluate(x, y, mixture).responsibilities,
  between,
  shapes: mixtureShapes,
  describe: describeMixture,
  hasDensity: true,
};

export const KMEANS = {
  picture: "The picture of K-Means",
  at: (run, index, view) => clustersAt(run, index, view.radius),
  shares: nearest,
  between: mixClusters,
  shapes: clusterShapes,
  describe: describeClusters,
  hasDensity: false,
};
