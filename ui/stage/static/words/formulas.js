// Which formula belongs to a picture, whose numbers stand in it, and what must be said of it.

import { countedIn } from "../model/counted.js";
import { distancesFrom } from "../model/clusters.js";
import { explainPoint } from "../model/mixture.js";
import { looksAtAll, mostTorn } from "../model/torn.js";
import { pictureAt } from "../model/timeline.js";
import { temperatureText } from "./algorithms.js";
import { change, count, digits } from "./format.js";
import { densityInNumbers, densityInSymbols, sharesInNumbers, sharesInSymbols } from "./e-step-formula.js";
import { ASSIGN, MOVE, NO_POINTS, assignInNumbers, centreInNumbers, centreMoved } from "./kmeans-formula.js";
import { HOLDS_NOTHING, guessInNumbers, moveInNumbers, moveInSymbols } from "./m-step-formula.js";
import { texOf } from "./tex.js";

/**
 * A picture of a run: its number, its components, what is asked of it, and what the numbers are written with.
 * @typedef {object} Moment
 * @property {EMRun} run
 * @property {boolean} clustered whether the run is K-Means'
 * @property {number} index
 * @property {any} components
 * @property {any} before those of the picture before, where there is one
 * @property {{ point?: number, component?: number } | null} asked
 * @property {Float64Array | null} numbers of the chosen point, in all of more than two columns
 * @property {number[]} spans
 * @property {string[]} colours of the components, and of the noise
 * @property {boolean} moving whether a hand holds the components
 * @property {EMRun} judge the run whose components say which point is torn
 * @property {boolean} circles whether the run is one of the limit dial
 * @property {number} held the state of the run's sums that an M-step was made of
 */

/**
 * In TeX, and in words: which point or component it is, and what else is to know.
 * @typedef {{ symbols: string, numbers: string, words: string[] }} Formula
 */

/**
 * The point whose numbers stand in a formula: the one asked, or the one on which the components disagree most.
 * @param {Pick<Moment, "asked" | "judge">} moment
 */
export const pointOf = ({ asked, judge }) => asked?.point ?? mostTorn(judge);

/**
 * The formula of a picture; null where there is no run or no point.
 * @param {Moment} moment
 * @returns {Formula | null}
 */
export function formulaOf(moment) {
  const { run, index, moving, asked } = moment;
  const point = pointOf(moment);
  if (!run.states || point < 0 || point >= run.n) return null;
  // Under a hand the colours follow as the next E-step would give them.
  const phase = moving ? "E" : pictureAt(index).phase;
  if (phase === "start" && asked?.point === undefined) return begun(moment);
  if (phase === "M") return moved(moment, point);
  return moment.clustered ? assigned(moment, point) : sharedOut(moment, point, phase);
}

/**
 * @param {Moment} moment
 * @param {number} point
 * @param {Phase} phase
 * @returns {Formula}
 */
function sharedOut({ run, components, asked, numbers, colours }, point, phase) {
  const answer = run.answer && run.binary ? run.binary[point] : null;
  const { parts } = explainPoint(run.x[point], run.y[point], answer, components, numbers);
  const { temperature } = components;
  const own = { i: point, run, parts, colours, temperature };
  // Of beliefs there is no density that the products add up to; the first E-step is made of them.
  const first = phase === "start" && run.algorithm === "variational";
  const begins = phase === "start" && !first;
  const coming = first ? ["So the first E-step will share it out."] : [];
  return {
    symbols: begins ? densityInSymbols(run) : sharesInSymbols(run),
    numbers: begins ? densityInNumbers(own) : sharesInNumbers(own),
    words: [whichPoint(point, asked, run), ...coming, ...besides(run, answer, begins ? 1 : temperature)],
  };
}

/**
 * @param {EMRun} run
 * @param {number | null} answer
 * @param {number | undefined} temperature
 */
function besides(run, answer, temperature) {
  const said = [];
  if (run.algorithm === "variational") said.push("E is the mean over what is believed.");
  if (run.dimensions > 2) said.push(`The densities are those of all ${run.dimensions} columns.`);
  if (run.answer && answer !== null) said.push(`P is the chance of its answer, ${run.answer[1 + answer]}.`);
  if (run.noise) said.push(`π₀ is the weight of the noise, spread over the ${spaceOf(run)} V.`);
  if (run.algorithm === "annealed") said.push(`T is ${temperatureText(temperature ?? 1)} here.`);
  return said;
}

/**
 * What the size of a region is called.
 * @param {EMRun} run
 */
const spaceOf = ({ dimensions }) => ["length", "area"][dimensions - 1] ?? "volume";

/**
 * @param {Moment} moment
 * @param {number} point
 * @returns {Formula}
 */
function assigned({ run, components, asked, colours }, point) {
  const distances = distancesFrom(run.x[point], run.y[point], components);
  return {
    symbols: ASSIGN,
    numbers: assignInNumbers({ i: point, distances, colours }),
    words: [whichPoint(point, asked, run)],
  };
}

/**
 * @param {Moment} moment
 * @param {number} point
 * @returns {Formula}
 */
function moved(moment, point) {
  const { run, held: t, components, asked, spans, colours, clustered, circles } = moment;
  const k = asked?.component ?? (asked?.point === undefined ? 0 : holderOf(moment, point));
  const part = clustered ? "Centre" : "Component";
  const at = t * run.components + k;
  const held = run.counts[at];
  const empty = clustered ? NO_POINTS : HOLDS_NOTHING;
  const words = [whichComponent(k, part, asked), ...(held ? [] : [empty])];
  if (clustered) {
    const own = {
      k,
      held,
      mean: run.moment_means.subarray(2 * at),
      spans,
      colour: colours[k],
    };
    return { symbols: MOVE, numbers: centreMoved(own), words };
  }
  const total = countedIn(run);
  const own = { k, t, run, total, mixture: components, spans, colour: colours[k], circles };
  return {
    symbols: moveInSymbols(run, circles),
    numbers: moveInNumbers(own),
    words: [...words, ...heldBy(run, circles)],
  };
}

/**
 * What else has a say in where a component goes.
 * @param {EMRun} run
 * @param {boolean} circles
 */
function heldBy({ algorithm, dimensions, m_step, weighted, noise }, circles) {
  const said = [];
  const held = !circles && m_step?.prior;
  if (weighted) said.push("wᵢ is how often row i counts.");
  if (dimensions > 2) said.push("Of all columns the numbers are those of the two that are shown.");
  if (circles) said.push("On the dial weights and circles stay as they are.");
  else if (algorithm === "variational") said.push("What was believed before counts as a few points more.");
  if (held) said.push("The prior counts as a few points more.");
  if (held && m_step.reg) said.push(`Every variance has ${digits(m_step.reg)} added.`);
  if (noise && !circles) said.push("What the noise holds is missing from every component.");
  return said;
}

/**
 * The component that took most of a point in the E-step before.
 * @param {Moment} moment
 * @param {number} point
 */
function holderOf({ run, before, clustered, numbers }, point) {
  if (clustered) {
    const distances = distancesFrom(run.x[point], run.y[point], before);
    return distances.indexOf(Math.min(...distances));
  }
  const answer = run.answer && run.binary ? run.binary[point] : null;
  const { parts } = explainPoint(run.x[point], run.y[point], answer, before, numbers);
  const own = parts.slice(0, run.components).map(({ responsibility }) => responsibility);
  return own.indexOf(Math.max(...own));
}

/**
 * @param {Moment} moment
 * @returns {Formula}
 */
function begun({ run, components, asked, spans, colours, clustered }) {
  const k = asked?.component ?? 0;
  const own = { k, run, mixture: components, spans, colour: colours[k] };
  const mean = components.means.subarray(2 * k);
  return {
    symbols: clustered ? "\\mu_1, \\dots, \\mu_K" : densityInSymbols(run),
    numbers: clustered ? centreInNumbers({ ...own, mean }) : guessInNumbers(own),
    words: [whichComponent(k, clustered ? "Centre" : "Component", asked)],
  };
}

/**
 * @param {number} point
 * @param {Moment["asked"]} asked
 * @param {Run} run
 */
function whichPoint(point, asked, run) {
  const name = `Point ${count(point + 1)}`;
  if (asked?.point !== undefined) return `${name}, as you asked.`;
  const among = looksAtAll(run) ? "" : ", of those looked at";
  const why = run.rows > 1 ? `: on it the components disagree most at the end${among}` : "";
  return `${name}${why}. Click another, and it stands here.`;
}

/**
 * @param {number} k
 * @param {string} part
 * @param {Moment["asked"]} asked
 */
function whichComponent(k, part, asked) {
  if (asked?.component !== undefined) return `${part} ${k + 1}, as you asked.`;
  if (asked?.point !== undefined)
    return `${part} ${k + 1}, which took most of point ${count(asked.point + 1)}.`;
  return `${part} ${k + 1}. Ask another, and it stands here.`;
}

/**
 * What the last step of a run gained, for each point; "" where that is not why it ended. With a prior it is not: what
 * its steps raise has a part of the prior's, which the curve is without.
 * @param {Pick<Moment, "run" | "clustered">} moment
 */
export function lastGain({ run, clustered }) {
  const { curve, stop, states, m_step } = run;
  if (clustered || m_step?.prior || states < 2 || stop?.reason !== "CONVERGED") return "";
  const [before, now] = curve.subarray(states - 2);
  const total = countedIn(run);
  const gain = change(now - before, now) === "nothing" ? 0 : now - before;
  const [whole, each] = [gain, gain / total].map((value) => texOf(digits(value)));
  return `\\text{last gain: } ${whole} \\,/\\, ${texOf(count(total))} = ${each}`;
}
