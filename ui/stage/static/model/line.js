// The picture of a line: densities upwards, and below the axis where its points and components are drawn.

import { evaluate } from "./log-joint.js";
import { mixtureAt } from "./mixture.js";

/** Above the axis there is room for so many times the highest curve, and below it, in heights of that, for the points. */
const ABOVE = 1.06;
const BELOW = 0.42;

/** Of the room below, the part nearest the axis is for what stands for the components. */
const LANES = 0.45;

/** A curve may be so many times as high as the histogram before it is cut: one that collapses has no end. */
const HIGHEST = 3;

/** Places across at which curves are looked at for their height. */
const LOOKED_AT = 400;

/** Irrational enough that neighbours in the data are none in height. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Weight times density of component k at a place on the line.
 * @param {Shapes} shapes
 * @param {number} k
 * @param {number} x
 */
export function heightOf({ weights, means, covariances }, k, x) {
  const variance = covariances[3 * k];
  const off = x - means[2 * k];
  return (weights[k] * Math.exp((-0.5 * off * off) / variance)) / Math.sqrt(2 * Math.PI * variance);
}

/**
 * Bars of equal width that hold the points of each, as densities, by the rule of Freedman and Diaconis (1981).
 * @param {Float64Array} x
 * @returns {{ edges: number[], heights: number[] }}
 */
export function histogramOf(x) {
  const sorted = Float64Array.from(x).filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0) return { edges: [], heights: [] };
  const [low, high] = [sorted[0], sorted[n - 1]];
  const quarter = sorted[Math.floor(0.75 * (n - 1))] - sorted[Math.floor(0.25 * (n - 1))];
  const wanted = quarter > 0 ? Math.ceil((high - low) / ((2 * quarter) / Math.cbrt(n))) : 1;
  const bars = Math.min(200, Math.max(1, wanted));
  const width = (high - low) / bars || 1;
  const heights = new Array(bars).fill(0);
  for (const value of sorted)
    heights[Math.min(bars - 1, Math.floor((value - low) / width))] += 1 / (n * width);
  return { edges: Array.from({ length: bars + 1 }, (_, i) => low + i * width), heights };
}

/**
 * The highest density of a mixture between two ends.
 * @param {LogJoint} mixture
 * @param {number} low
 * @param {number} high
 */
function highest(mixture, low, high) {
  const means = Array.from({ length: mixture.constants.length }, (_, k) => mixture.means[2 * k]);
  const x = [
    ...means,
    ...Array.from({ length: LOOKED_AT }, (_, i) => low + ((high - low) * i) / (LOOKED_AT - 1)),
  ];
  const { logDensities } = evaluate(x, new Float64Array(x.length), mixture);
  return Math.exp(logDensities.reduce((most, value) => Math.max(most, value), -Infinity));
}

/**
 * A run on a line with what its picture needs: densities upwards, and below the axis the height of every point and of
 * every component.
 * @param {EMRun} run
 * @returns {EMRun}
 */
export function onTheLine(run) {
  const { x, components: k } = run;
  const [low, high] = run.extent;
  const ends = run.states ? [mixtureAt(run, 0), mixtureAt(run, run.states - 1)] : [];
  // Where no points are yet there must be a place to draw some.
  const bars = Math.max(...histogramOf(x).heights, 1 / (high - low));
  const top = Math.min(HIGHEST * bars, Math.max(bars, ...ends.map((mixture) => highest(mixture, low, high))));
  const lanes = LANES * BELOW * top;
  const rug = BELOW * top - lanes;
  return {
    ...run,
    columns: [run.columns[0], "density"],
    extent: [low, high, -BELOW * top, ABOVE * top],
    heights: Float64Array.from(x, (_, i) => -lanes - rug * (0.12 + 0.8 * ((i * GOLDEN) % 1))),
    lanes: Float64Array.from({ length: k }, (_, j) => (-lanes * (j + 0.5)) / k),
  };
}
