// What can be done about how a fit of the page's own ended, with one click: each has been tried, and helps, as
// ui/analysis/stops.py has it. What asks for a draw, a prior or another K is Python's.

import { Fitting } from "../model/em.js";
import { general } from "../words/stops.js";
import { settingsOf, withFit } from "./experiment.js";
import { afterARest } from "./pieces.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */

/** A button, and the experiment in which the run does not end so. @typedef {{ name: string, title: string, experiment: Experiment }} Cure */

/** What regularisation adds, as shares of the smaller variance of the points. */
const LITTLE = [1e-4, 1e-3, 1e-2];

/** Points times components times steps that trying a cure may take. */
const TRIAL_WORK = 1e7;

/** Milliseconds of a trial after which the page has its turn: the run is seen meanwhile, and may be playing. */
const PIECE = 10;

const MOST_STEPS = 5000;

/**
 * Finds what helps: hands over each cure as soon as it is known to.
 * @param {Experiment} experiment
 * @param {string} reason why its run ended
 * @param {Shapes} first where the first run began
 * @param {{ found: (cure: Cure) => void, broken: () => boolean }} how
 */
export async function findCures(experiment, reason, first, { found, broken }) {
  for (const candidates of candidatesFor(experiment, reason, first)) {
    const cure = reason === "COMPONENT_COLLAPSED" ? await firstThatHelps(candidates, broken) : candidates[0];
    if (broken()) return;
    if (cure) found(cure);
  }
}

/**
 * What may help, in groups of which one is enough.
 * @param {Experiment} experiment
 * @param {string} reason
 * @param {Shapes} first
 * @returns {Cure[][]}
 */
function candidatesFor(experiment, reason, first) {
  switch (reason) {
    case "COMPONENT_COLLAPSED":
      return [firstStart(experiment, first), regularised(experiment)];
    case "STEP_LIMIT":
      return [longer(experiment)];
    case "LIKELIHOOD_FELL":
      return [goingOn(experiment)];
    default:
      return [];
  }
}

/**
 * @param {Experiment} experiment
 * @param {Shapes} first
 * @returns {Cure[]}
 */
function firstStart(experiment, first) {
  if (experiment.start === first) return [];
  const again = { ...experiment, start: first, placed: false };
  return [{ name: "start", title: "The first start again", experiment: again }];
}

/**
 * @param {Experiment} experiment
 * @returns {Cure[]}
 */
const regularised = (experiment) =>
  amounts(experiment).map((amount) => ({
    name: "regularise",
    title: `A little regularisation: ${general(amount, 6)} on every variance`,
    experiment: withFit(experiment, { reg_covar: amount }),
  }));

/**
 * @param {Experiment} experiment
 * @returns {Cure[]}
 */
function longer(experiment) {
  const most = Math.min(2 * experiment.fit.step_limit, MOST_STEPS);
  const more = withFit(experiment, { step_limit: most });
  if (settingsOf(more).maxSteps <= settingsOf(experiment).maxSteps) return [];
  return [{ name: "more_steps", title: `Allow ${most.toLocaleString("en")} iterations`, experiment: more }];
}

/**
 * @param {Experiment} experiment
 * @returns {Cure[]}
 */
function goingOn(experiment) {
  if (!experiment.fit.stop_when_falling || !experiment.fit.reg_covar) return [];
  const on = withFit(experiment, { stop_when_falling: false });
  return [{ name: "go_on", title: "Go on all the same", experiment: on }];
}

/**
 * @param {Cure[]} candidates
 * @param {() => boolean} broken
 */
async function firstThatHelps(candidates, broken) {
  for (const cure of candidates) {
    const trial = await afterARest(() => tried(cure.experiment), { piece: PIECE, broken });
    if (!trial) return null;
    if (trial.reason !== "COMPONENT_COLLAPSED") return cure;
  }
  return null;
}

/**
 * Its fit, of so many steps that trying takes no long time.
 * @param {Experiment} experiment
 */
function tried(experiment) {
  const { x, start } = experiment;
  const most = Math.floor(TRIAL_WORK / Math.max(1, x.length * start.weights.length)) + 1;
  const settings = settingsOf(experiment);
  return new Fitting(experiment, start, { ...settings, maxSteps: Math.min(settings.maxSteps, most) });
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
