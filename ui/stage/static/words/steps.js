// The algorithms as pseudocode: four lines each, in plain words.

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

/** The lines in their order. @type {Line[]} */
export const LINES = ["start", "E", "M", "until"];

/**
 * The lines of an algorithm.
 * @param {string} algorithm a key of gmm_core.ALGORITHMS
 */
export const stepsOf = (algorithm) => STEPS[algorithm] ?? STEPS.em;
