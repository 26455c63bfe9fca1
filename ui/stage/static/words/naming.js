// What pictures, files, and the ends of runs are called.

import { countPictures, pictureAt } from "../model/timeline.js";
import { ofShapes } from "./format.js";

/**
 * What people call picture `index`: an iteration is an M-step and the E-step after it; one E-step comes before.
 * @param {number} index
 * @param {number} pictures
 */
export function nameOf(index, pictures) {
  const { phase, iteration } = pictureAt(index);
  if (phase === "start") return "start";
  const of = pictures / 2 - 1;
  return iteration
    ? `iteration ${iteration} of ${of} · ${phase}-step`
    : `first E-step · ${of} iteration${of === 1 ? "" : "s"} to come`;
}

/**
 * What a picture of `what` is called as a file: after the data, and unless it is the last, after its place.
 * @param {string} name
 * @param {string} what
 * @param {number} index
 * @param {number} pictures
 */
export function fileNameOf(name, what, index, pictures) {
  const { phase, iteration } = pictureAt(index);
  const place = phase === "start" ? "start" : `${phase.toLowerCase()}-step-${iteration}`;
  return [name, what, ...(index === pictures - 1 ? [] : [place])].join("-");
}

const ENDS = {
  CONVERGED: "Converged",
  COMPONENT_COLLAPSED: "Stopped: a component collapsed",
  LIKELIHOOD_FELL: "Stopped: the likelihood fell",
  STEP_LIMIT: "Stopped at the step limit",
};

/**
 * How a run ended, in a few words.
 * @param {{ stop: Stop | null }} run
 */
export const ended = ({ stop }) => (stop ? ENDS[stop.reason] : "");

/**
 * What the button that goes on from picture `index` should say.
 * @param {number} index
 * @param {Run} run
 */
export function nextAction(index, run) {
  if (index >= countPictures(run.states) - 1) return ended(run);
  return pictureAt(index).phase === "E"
    ? ofShapes("M-step: move the ellipses", run)
    : "E-step: colour the points";
}
