// The numbers of a component that can be set one by one: its weight, its mean, its covariance.

import { axesOf, withAxes, withMean, withWeight, withWidth } from "./by-hand.js";

/** What of a component's numbers its family and the prior leave free. @typedef {{ letters: string, equal: boolean }} Bounds */

/**
 * One number of component k: what it is, whether it can be set, and the mixture in which it is `value`, or why there is
 * none. `axis` is the column that it is of, 0 or 1; none where it is of both or of neither.
 * @typedef {object} Quantity
 * @property {string} name
 * @property {number} [axis]
 * @property {(mixture: Mixture, k: number) => number} of
 * @property {(bounds: Bounds, mixture: Mixture) => boolean} free
 * @property {(mixture: Mixture, k: number, value: number, bounds: Bounds) => Mixture | string} set
 */

/** @type {Quantity} */
const WEIGHT = {
  name: "weight",
  of: ({ weights }, k) => 100 * weights[k],
  free: ({ equal }, { weights }) => weights.length > 1 && !equal,
  set: (mixture, k, value) => {
    const most = 100 * mixture.weights.reduce((sum, weight) => sum + weight, 0);
    return value > 0 && value < most
      ? withWeight(mixture, k, value / 100)
      : `A weight lies between 0 and ${Number(most.toPrecision(6))} %, so that the others keep some.`;
  },
};

/**
 * @param {number} axis
 * @returns {Quantity}
 */
const mean = (axis) => ({
  name: "mean",
  axis,
  of: ({ means }, k) => means[2 * k + axis],
  free: () => true,
  set: (mixture, k, value) => {
    const place = Array.from(mixture.means.subarray(2 * k, 2 * k + 2));
    place[axis] = value;
    return withMean(mixture, k, place);
  },
});

/**
 * The entry of the covariance at `place`: 0 for xx, 1 for xy, 2 for yy.
 * @param {number} place
 * @param {string} name
 * @returns {Quantity}
 */
const entry = (place, name) => ({
  name,
  ...(place !== 1 && { axis: place / 2 }),
  of: ({ covariances }, k) => covariances[3 * k + place],
  free: ({ letters }) => [true, letters[2] !== "I", letters[1] !== "I"][place],
  set: (mixture, k, value, { letters }) => {
    const covariances = Float64Array.from(mixture.covariances.subarray(3 * k, 3 * k + 3));
    covariances[place] = value;
    if (letters[1] === "I") covariances[2] = covariances[0];
    const [xx, xy, yy] = covariances;
    if (!(xx > 0 && yy > 0)) return "A variance is above 0; make it larger.";
    if (!(xy * xy < xx * yy))
      return `With these variances the covariance lies between −${bound(xx, yy)} and ${bound(xx, yy)}; make it smaller, or the variances larger.`;
    const turned = letters[2] !== "I";
    const before = axesOf(mixture, k, turned ? undefined : 0);
    return withAxes(mixture, k, before, axesOf({ covariances }, 0, turned ? before.angle : 0), letters);
  },
});

/**
 * @param {number} xx
 * @param {number} yy
 */
const bound = (xx, yy) => Number(Math.sqrt(xx * yy).toPrecision(4));

/** On a line. @type {Quantity} */
const WIDTH = {
  name: "width σ",
  axis: 0,
  of: ({ covariances }, k) => Math.sqrt(covariances[3 * k]),
  free: () => true,
  set: (mixture, k, value, { letters }) =>
    value > 0 ? withWidth(mixture, k, value, letters) : "A width is above 0; make it larger.",
};

const LINE = [WEIGHT, mean(0), WIDTH];
const PLANE = [WEIGHT, mean(0), mean(1), entry(0, "variance"), entry(1, "covariance"), entry(2, "variance")];
const PAIR = [WEIGHT, mean(0), mean(1)];

/**
 * The numbers of a component that can be set, by the number of columns that are fitted. Of more than two the covariance
 * is not among them: what two columns allow the others may not.
 * @param {number} dimensions
 */
export const quantitiesOf = (dimensions) => [LINE, PLANE, PAIR][Math.min(dimensions, 3) - 1];
