// The algorithms as pseudocode: four lines each, in plain words, and how the last of them reads where a run has ended.

/** @typedef {"start" | "E" | "M" | "until"} Line */
/** Its name, if it has one, and what it does. @typedef {[name: string, words: string]} Said */

const LIKELIHOOD = "until a step gains no more per point than the tolerance";

/** @type {Record<string, Record<Line, Said>>} */
const STEPS = {
  em: {
    start: ["Start:", "K first guesses"],
    E: ["E-step:", "share out every point"],
    M: ["M-step:", "move each component to what it holds"],
    until: ["", LIKELIHOOD],
  },
  classification: {
    start: ["Start:", "K first guesses"],
    E: ["E-step:", "give every point whole to one component"],
    M: ["M-step:", "move each component to its own points"],
    until: ["", LIKELIHOOD],
  },
  annealed: {
    start: ["Start:", "K first guesses, and a temperature T"],
    E: ["E-step:", "share out every point at temperature T"],
    M: ["M-step:", "move each component to what it holds; lower T"],
    until: ["", "until T is 1 and a step gains no more per point than the tolerance"],
  },
  variational: {
    start: ["Start:", "K first beliefs"],
    E: ["E-step:", "share out every point by what is believed"],
    M: ["M-step:", "believe what came before, and what each holds"],
    until: ["", "until a step raises the bound no more per point than the tolerance"],
  },
  kmeans: {
    start: ["Start:", "K first centres"],
    E: ["Assign", "every point to its nearest centre"],
    M: ["Move", "every centre to the mean of its points"],
    until: ["", "until no centre moves any more"],
  },
};

/** What is so where a run has converged. @type {Record<string, string>} */
const CONVERGED = {
  em: "the last step gained no more per point than the tolerance",
  annealed: "T is 1, and the last step gained no more per point than the tolerance",
  variational: "the last step raised the bound no more per point than the tolerance",
  kmeans: "no centre moves any more",
};

/** Why a run has stopped otherwise. @type {Record<string, Said>} */
const STOPPED = {
  STEP_LIMIT: ["Stopped", "at the step limit, before it converged"],
  COMPONENT_COLLAPSED: ["Stopped:", "a component collapsed"],
  LIKELIHOOD_FELL: ["Stopped:", "the last step lost instead of gaining"],
};

/**
 * The last line where a run has ended; without an end it stays as it is.
 * @param {string} algorithm
 * @param {Stop | null} stop
 * @returns {Said}
 */
export function endOf(algorithm, stop) {
  if (!stop) return stepsOf(algorithm).until;
  if (stop.reason === "CONVERGED") return ["Converged:", CONVERGED[algorithm] ?? CONVERGED.em];
  return STOPPED[stop.reason];
}

/** The lines in their order. @type {Line[]} */
export const LINES = ["start", "E", "M", "until"];

/**
 * The lines of an algorithm.
 * @param {string} algorithm a key of gmm_core.ALGORITHMS
 */
export const stepsOf = (algorithm) => STEPS[algorithm] ?? STEPS.em;
