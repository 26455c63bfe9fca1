// What can be done about how a fit of the page's own ended, with one click: each has been tried, and helps, as
// ui/analysis/stops.py has it. What asks for a draw, a prior or another K is Python's.

import { fit } from "../model/em.js";
import { general } from "../words/stops.js";
import { settingsOf } from "./experiment.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */

/** What regularisation adds, as shares of the smaller variance of the points. */
const LITTLE = [1e-4, 1e-3, 1e-2];

/** Points times components times steps that trying a cure may take: about a tenth of a second. */
const TRIAL_WORK = 1e7;

const MOST_STEPS = 5000;

/**
 * [name, title] of what helps.
 * @param {Experiment} experiment
 * @param {{ reason: string | null }} fitting
 * @param {Shapes} first where the first run began
 * @returns {[string, string][]}
 */
export function curesOf(experiment, { reason }, first) {
  const { reg_covar: added, stop_when_falling: stops } = experiment.fit;
  /** @type {[string, string][]} */
  const found = [];
  if (reason === "COMPONENT_COLLAPSED") {
    if (cure("start", experiment, first)) found.push(["start", "The first start again"]);
    const wider = cure("regularise", experiment, first);
    if (wider)
      found.push([
        "regularise",
        `A little regularisation: ${general(wider.fit.reg_covar, 6)} on every variance`,
      ]);
  }
  const longer = cure("more_steps", experiment, first);
  if (reason === "STEP_LIMIT" && longer && settingsOf(longer).maxSteps > settingsOf(experiment).maxSteps)
    found.push(["more_steps", `Allow ${longer.fit.step_limit.toLocaleString("en")} iterations`]);
  if (reason === "LIKELIHOOD_FELL" && stops && added) found.push(["go_on", "Go on all the same"]);
  return found;
}

/**
 * The experiment in which the run does not end so; null where there is none.
 * @param {string} name
 * @param {Experiment} experiment
 * @param {Shapes} first
 * @returns {Experiment | null}
 */
export function cure(name, experiment, first) {
  const { fit: going } = experiment;
  switch (name) {
    case "regularise":
      return (
        amounts(experiment)
          .map((reg_covar) => ({ ...experiment, fit: { ...going, reg_covar } }))
          .find(helps) ?? null
      );
    case "more_steps":
      return { ...experiment, fit: { ...going, step_limit: Math.min(2 * going.step_limit, MOST_STEPS) } };
    case "go_on":
      return { ...experiment, fit: { ...going, stop_when_falling: false } };
    case "start": {
      const again = { ...experiment, start: first, placed: false };
      return experiment.start !== first && helps(again) ? again : null;
    }
    default:
      return null;
  }
}

/** @param {Experiment} experiment */
function helps(experiment) {
  const most =
    Math.floor(TRIAL_WORK / Math.max(1, experiment.x.length * experiment.start.weights.length)) + 1;
  const settings = settingsOf(experiment);
  const { reason } = fit(experiment, experiment.start, {
    ...settings,
    maxSteps: Math.min(settings.maxSteps, most),
  });
  return reason !== "COMPONENT_COLLAPSED";
}

/**
 * How much may be added to every variance, the least first: one digit, for people to read.
 * @param {Experiment} experiment
 */
function amounts({ x, y, line, fit: { reg_covar: added } }) {
  const variances = (line ? [x] : [x, y]).map(varianceOf).filter((variance) => variance > 0);
  const smaller = Math.min(...variances);
  if (!Number.isFinite(smaller)) return [];
  return LITTLE.map((share) => Number((share * smaller).toExponential(0))).filter((amount) => amount > added);
}

/** @param {Float64Array} values */
function varianceOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
