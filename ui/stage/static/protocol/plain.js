// A mixture as an event carries it: plain lists, which ui/workspace/events.py and stages/refit.js read.

/** @typedef {{ weights: number[], means: number[], covariances: number[], probabilities?: number[] }} PlainMixture */

/**
 * A mixture as plain lists, in all columns and on a line without what lies across it; null for none.
 * @param {Mixture | null} shapes
 * @returns {PlainMixture | null}
 */
export const plain = (shapes) =>
  shapes && {
    weights: Array.from(shapes.weights),
    means: Array.from((shapes.columns ?? shapes).means).filter((_, i) => !shapes.line || i % 2 === 0),
    covariances: Array.from((shapes.columns ?? shapes).covariances).filter(
      (_, i) => !shapes.line || i % 3 === 0,
    ),
    ...(shapes.probabilities && { probabilities: Array.from(shapes.probabilities) }),
  };
