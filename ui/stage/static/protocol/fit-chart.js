// A chart of fits from Python: one JSON text. ui/stage/fit_chart.py writes it.

/**
 * @param {string} text
 * @returns {FitChartContent}
 */
export function readFitChart(text) {
  /** @type {FitChartMessage} */
  const message = JSON.parse(text);
  const { points, dimensions, fits } = message;
  return {
    ...message,
    x: Float64Array.from({ length: points.length / dimensions }, (_, i) => points[dimensions * i]),
    y: Float64Array.from({ length: points.length / dimensions }, (_, i) =>
      dimensions === 1 ? 0 : points[2 * i + 1],
    ),
    fits: fits.map((fit) => ({
      ...fit,
      labels: Int32Array.from(fit.labels),
      shapes: dimensions === 1 ? onALine(fit) : inThePlane(fit),
    })),
  };
}

/**
 * As in all of the stage, a line is laid into the plane.
 * @param {SmallFitMessage} fit
 * @returns {Shapes}
 */
const onALine = ({ weights, means, covariances }) => ({
  weights: Float64Array.from(weights),
  means: Float64Array.from(means.flatMap((mean) => [mean, 0])),
  covariances: Float64Array.from(covariances.flatMap((variance) => [variance, 0, 1])),
  line: true,
});

/**
 * Of xx, xy, yx, yy those of the upper triangle.
 * @param {SmallFitMessage} fit
 * @returns {Shapes}
 */
const inThePlane = ({ weights, means, covariances }) => ({
  weights: Float64Array.from(weights),
  means: Float64Array.from(means),
  covariances: Float64Array.from(covariances.filter((_, i) => i % 4 !== 2)),
});
