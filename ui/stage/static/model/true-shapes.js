// What the points of each true label have together, where their clusters are Gaussian.

/** Fewer points than these have no shape. */
const LEAST_POINTS = 3;

/**
 * Weight, mean and covariance of the points of each label, as ui/stage/codec.py has them; null where no label has
 * enough of them.
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @param {Int32Array} labels (N): negative for none
 * @param {boolean} line whether the points have y = 0
 * @returns {Shapes | null}
 */
export function trueShapes(x, y, labels, line) {
  const kinds = membersOf(labels).filter((members) => members?.length >= LEAST_POINTS);
  if (!kinds.length) return null;
  /** @param {(members: number[]) => number[]} numbersOf */
  const joined = (numbersOf) => Float64Array.from(kinds.flatMap(numbersOf));
  return {
    weights: joined((members) => [members.length / labels.length]),
    means: joined((members) => [meanOf(members, x), meanOf(members, y)]),
    covariances: joined((members) =>
      line
        ? [covarianceOf(members, x, x), 0, 1]
        : [covarianceOf(members, x, x), covarianceOf(members, x, y), covarianceOf(members, y, y)],
    ),
    line,
  };
}

/** @param {Int32Array} labels */
function membersOf(labels) {
  /** @type {number[][]} */
  const members = [];
  labels.forEach((label, i) => {
    if (label >= 0) (members[label] ??= []).push(i);
  });
  return members;
}

/**
 * @param {number[]} members
 * @param {Float64Array} values
 */
const meanOf = (members, values) => members.reduce((sum, i) => sum + values[i], 0) / members.length;

/**
 * @param {number[]} members
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function covarianceOf(members, a, b) {
  const [p, q] = [meanOf(members, a), meanOf(members, b)];
  return members.reduce((sum, i) => sum + (a[i] - p) * (b[i] - q), 0) / members.length;
}
