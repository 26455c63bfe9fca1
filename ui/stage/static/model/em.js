// EM in the page: the states of a run one after the other, and why it ends, as gmm_core.em has them. For the four
// standard families, on a line or in the plane (Dempster, Laird & Rubin 1977; Bishop 2006, 9.2-9.4).

import { lostExtent, lostPoints } from "./collapse.js";
import { Expectation } from "./expectation.js";
import { withLogJoint } from "./log-joint.js";
import { covariancesOf, sum, weightsOf } from "./maximization.js";

/** @typedef {import("./collapse.js").Collapse} Collapse */
/** @typedef {import("./expectation.js").Sample} Sample */
/** @typedef {{ mixture: Mixture } & import("./expectation.js").Gathered} State EM after so many M-steps, each number under `mixture` */

/**
 * @typedef {object} Settings
 * @property {string} family "full", "tied", "diag" or "spherical"
 * @property {number} regCovar added to every variance, in squared units of the points
 * @property {number} tolerance the gain, in nats a point, at which a run ends
 * @property {number} maxSteps
 * @property {boolean} [stopWhenFalling] whether a run ends where a step loses; true if left out
 * @property {boolean} [equalWeights] whether components weigh the same
 */

/** A run that goes on step by step, until it has ended. */
export class Fitting {
  /**
   * At iteration 0, the E-step at the shapes to begin with.
   * @param {Sample} sample
   * @param {Shapes} start
   * @param {Settings} settings
   */
  constructor(sample, start, settings) {
    this.settings = settings;
    this.line = sample.line;
    this.expectation = new Expectation(sample, start.weights.length);
    /** @type {State[]} */
    this.states = [this.stateAt({ ...start, line: sample.line })];
    /** @type {Stop["reason"] | null} */
    this.reason = null;
    /** @type {Collapse | null} */
    this.collapse = null;
  }

  get ended() {
    return this.reason !== null;
  }

  get last() {
    return this.states[this.states.length - 1];
  }

  /** What the last step gained, in nats a point. */
  get gain() {
    const before = this.states[this.states.length - 2];
    return before ? (this.last.logLikelihood - before.logLikelihood) / sum(this.last.counts) : 0;
  }

  /** Gains that may be but rounding, in nats a point. */
  get rounding() {
    return 1e-13 * Math.max(1, Math.abs(this.last.logLikelihood) / sum(this.last.counts));
  }

  /**
   * @param {Shapes} shapes
   * @returns {State}
   */
  stateAt(shapes) {
    const mixture = withLogJoint(shapes);
    return { mixture, ...this.expectation.of(mixture) };
  }

  /** An M-step on the last state's moments, the E-step at what it leads to, and whether the run ends there. */
  step() {
    const { last, line, settings } = this;
    this.collapse = lostPoints(last, line);
    if (this.collapse) return this.end("COMPONENT_COLLAPSED");
    const covariances = covariancesOf(settings.family, last, line, settings.regCovar);
    this.collapse = lostExtent(last, covariances, line);
    if (this.collapse) return this.end("COMPONENT_COLLAPSED");
    const weights = weightsOf(last.counts, settings.equalWeights ?? false);
    this.states.push(this.stateAt({ weights, means: last.means, covariances, line }));
    this.end(this.reasonToStop());
  }

  /** Why the run goes no further than the last state; null where it goes on. */
  reasonToStop() {
    const { gain, settings } = this;
    const enough = Math.max(settings.tolerance, this.rounding);
    const steps = this.states.length - 1;
    // The start need not be of the family, and the first step into it may cost likelihood.
    if ((settings.stopWhenFalling ?? true) && gain < -enough && steps > 1) return "LIKELIHOOD_FELL";
    if (Math.abs(gain) <= enough) return "CONVERGED";
    return steps >= settings.maxSteps ? "STEP_LIMIT" : null;
  }

  /** @param {Stop["reason"] | null} reason */
  end(reason) {
    this.reason = reason;
  }
}

/**
 * A run from its start to its end.
 * @param {Sample} sample
 * @param {Shapes} start
 * @param {Settings} settings
 */
export function fit(sample, start, settings) {
  const fitting = new Fitting(sample, start, settings);
  while (!fitting.ended) fitting.step();
  return fitting;
}
