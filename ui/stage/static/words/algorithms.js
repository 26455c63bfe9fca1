// What is said of a run's algorithm: what its curve shows, and what its half-steps do.

/** A step that leads to iteration t, or its E-step. @typedef {{ run: EMRun, iteration: number }} Step */

/**
 * @typedef {object} Said
 * @property {string} curve what the curve shows, as a heading
 * @property {string} short the same, where there is little room
 * @property {string} why what that is
 * @property {(step: Step) => string} E what the E-step did to the points
 * @property {(step: Step) => string} M what the M-step did to the ellipses
 */

const SHARED_OUT = "Every point took a share of each colour, by how well each ellipse explains it.";
const MOVED =
  "Every ellipse moved to the mean and the spread of the points it holds, each counted by its share.";

/** How a temperature is written: the coolest ones to the digit that tells them from 1. @param {number} value */
export const temperatureText = (value) => value.toFixed(2);

/** @type {Record<string, Said>} */
const SAID = {
  em: {
    curve: "Log-likelihood",
    short: "log-likelihood: how well it explains the points",
    why: "How well the ellipses explain the points: the higher, the better.",
    E: () => SHARED_OUT,
    M: () => MOVED,
  },
  classification: {
    curve: "Classification likelihood",
    short: "classification likelihood",
    why: "How well each point is explained by its own ellipse: the higher, the better.",
    E: () => "Every point went whole to the ellipse that explains it best; there are no shares.",
    M: () => "Every ellipse moved to the mean and the spread of its own points.",
  },
  annealed: {
    curve: "Free energy",
    short: "free energy",
    why: "What EM raises at this temperature: once it is 1, the log-likelihood.",
    E: ({ run, iteration }) => {
      const temperature = run.temperatures?.[iteration] ?? 1;
      if (temperature === 1) return SHARED_OUT;
      return `Every point took a share of each colour; at the temperature ${temperatureText(temperature)} all shares are more alike than EM's.`;
    },
    M: () => MOVED,
  },
  variational: {
    curve: "Lower bound on the evidence",
    short: "bound on the evidence",
    why: "How well the components explain the points, less what each of them costs: the higher, the better.",
    E: () =>
      "Every point took a share of each colour, by how well each ellipse is believed to explain it; one that may lie in many places explains less.",
    M: ({ run, iteration }) => {
      const move = run.moves[iteration];
      if (move) return `${capital(move)}. The bound is higher without it, so it is switched off.`;
      return "Every ellipse moved to the points it holds, less what it costs: with few points it is drawn towards what was believed before, and its weight fades.";
    },
  },
};

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * What is said of a run's algorithm.
 * @param {{ algorithm: string }} run
 */
export const saidOf = ({ algorithm }) => SAID[algorithm] ?? SAID.em;
