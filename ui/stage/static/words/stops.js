// Why a run of the page's own EM ended, in the words that Python has for it (ui/analysis/stops.py).

import { sum } from "../model/maximization.js";

/** @typedef {import("../model/em.js").Fitting} Fitting */
/** @typedef {import("../model/collapse.js").Collapse} Collapse */

/** Half-axes as unlike as this make an ellipse a line. */
const LINE = 1e-5;

/**
 * Why the run ended and what that means, in a sentence or two; `stepLimit` is what was asked for, which so many points
 * may not be allowed.
 * @param {Fitting} fitting
 * @param {number} stepLimit
 */
export function sentenceOf(fitting, stepLimit) {
  const { reason, collapse, line } = fitting;
  const steps = fitting.states.length - 1;
  if (collapse) return collapsed(fitting, collapse);
  if (reason === "STEP_LIMIT" && steps < stepLimit)
    return (
      `Stopped after ${grouped(steps)} iterations: with so many points this page takes no more of them. ` +
      "EM has not come to rest; a sample of the points would let it."
    );
  if (reason === "STEP_LIMIT")
    return `Stopped at the limit of ${grouped(steps)} iterations, before EM came to rest.`;
  if (reason === "LIKELIHOOD_FELL")
    return (
      `Stopped at iteration ${steps}, where the log-likelihood fell. Regularisation widens every ` +
      `${shapeOf(line)} after its M-step, so that each step serves another aim than the likelihood alone.`
    );
  return `Converged at iteration ${steps}: the last step ${changeOf(fitting)}, within the tolerance.`;
}

/** @param {Fitting} fitting */
function changeOf({ gain, rounding }) {
  if (!(Math.abs(gain) > rounding)) return "gained nothing";
  return `${gain > 0 ? "gained" : "lost"} ${general(Math.abs(gain), 2)} a point`;
}

/**
 * @param {Fitting} fitting
 * @param {Collapse} collapse
 */
function collapsed(fitting, { component, count, isEmpty }) {
  const { line, settings } = fitting;
  const name = `Component ${component + 1}`;
  if (isEmpty)
    return (
      `${name} has lost all its points: it lies so far from every one of them that its share of each ` +
      "is 0. Without points there is no mean to move to and no spread to take."
    );
  const held = `${general(count, 3)} point${Math.abs(count - 1) < 0.005 ? "" : "s"}`;
  const shrinks = line ? "narrows" : "shrinks";
  const thin = line || isThin(fitting, component);
  const several = count >= 1.5;
  const few = several
    ? `the ${held} it holds lie on ${thin && !line ? "a line" : "one place"}`
    : `it holds only ${held}`;
  // An ellipse half as long and wide is four times as dense, one half as wide twice, and so is a curve.
  const halving = count * Math.LN2 * (thin ? 1 : 2);
  const by = settings.family === "tied" ? "" : `, by ${general(halving, 3)} at every halving`;
  return (
    `${name} collapsed: ${few}, and its ${shapeOf(line)} ${shrinks} onto ${several ? "them" : "it"} without end. ` +
    `As it ${shrinks} the likelihood would grow without limit${by}${riseOf(fitting)}: a singularity, and no ` +
    `answer, since there is no best ${shapeOf(line)} to find.`
  );
}

/**
 * What a component is in the picture.
 * @param {boolean} line
 */
const shapeOf = (line) => (line ? "curve" : "ellipse");

/**
 * Whether what component j holds lies on a line of the plane.
 * @param {Fitting} fitting
 * @param {number} j
 */
function isThin({ last: { counts, means, scatters } }, j) {
  const [xx, xy, yy] = scatters.subarray(3 * j, 3 * j + 3);
  const [half, apart] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const spans = [0, 1].map((axis) => {
    const places = Array.from(means).filter((_, at) => at % 2 === axis);
    return Math.max(...places) - Math.min(...places);
  });
  const within = sum(scatters.filter((_, at) => at % 3 !== 1));
  const widest = Math.max(...spans) ** 2 + within;
  const spread = (xx + yy) / Math.max(counts[j], 1e-300);
  return (
    Math.max(half - apart, 0) < LINE ** 2 * (half + apart) && spread > (LINE ** 2 * widest) / sum(counts)
  );
}

/**
 * What the last steps gained, where they did.
 * @param {Fitting} fitting
 */
function riseOf({ states, last }) {
  const steps = Math.min(3, states.length - 1);
  const gained = last.logLikelihood - states[states.length - 1 - steps].logLikelihood;
  if (steps === 0 || gained < 0.05) return "";
  const shown = gained.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return ` (${shown} in the last ${steps === 1 ? "step" : `${steps} steps`} alone)`;
}

/** @param {number} value */
const grouped = (value) => value.toLocaleString("en");

/**
 * A number with so many digits that count, as Python's %g writes it.
 * @param {number} value
 * @param {number} digits
 */
export function general(value, digits) {
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)));
  const sign = exponent < 0 ? "-" : "+";
  return `${Number(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
