// The answer to "why has this point these colours?" or "what does this component hold?"

import { distancesFrom, nearest } from "../model/clusters.js";
import { evaluateMarks } from "../model/columns.js";
import { countedIn } from "../model/counted.js";
import { explainPoint } from "../model/mixture.js";
import { element } from "../draw/dom.js";
import { shareColours } from "../draw/theme.js";
import { count, density, digits, inUnits, nats, percent, placeText, quantity } from "../words/format.js";
import { NO_POINTS } from "../words/kmeans-formula.js";
import { HOLDS_NOTHING } from "../words/m-step-formula.js";
import { pointNumber } from "./number-field.js";
import { chip, headOf, shareCell, tableOfPairs } from "./table.js";

/**
 * Where a question was asked: the picture's phase, colours and marks.
 * @typedef {{ theme: Theme, spans: number[], phase: Phase, marks: Marks }} Here
 */
/**
 * A point: its index and place, what it answers, and its numbers in all of more than two columns.
 * @typedef {Here & { i: number, x: number, y: number, answer?: Told, whole?: AllTold | null }} PointHere
 */
/** @typedef {{ numbers: Float64Array, spans: number[], columns: string[] }} AllTold */
/** A zero or a one of a yes/no column, and what it is called; null without one. @typedef {{ value: number, name: string } | null} Told */
/** A component, at state t. @typedef {Here & { k: number, t: number }} ComponentHere */

export class Answer {
  /**
   * Without `askPoint` a point's number is asked for elsewhere.
   * @param {{ askPoint?: (number: number) => void, close: () => void }} acts
   */
  constructor({ askPoint, close }) {
    this.number = pointNumber((number) => askPoint?.(number));
    this.title = element("strong");
    this.content = element("div", { class: "em-answer-content", "aria-live": "polite" });
    this.closer = element(
      "button",
      { type: "button", class: "em-quiet em-closer", "aria-label": "Close the answer", click: close },
      "×",
    );
    const number = element("label", { class: "em-point-number" }, "point", this.number.node);
    this.node = element(
      "section",
      { class: "em-card em-answer", "aria-label": "Ask" },
      element("header", {}, this.title, ...(askPoint ? [number] : []), this.closer),
      this.content,
    );
  }

  /** @param {number} n */
  invite(n) {
    this.title.textContent = "Ask";
    this.closer.hidden = true;
    this.number.node.max = String(n);
    this.content.replaceChildren(
      "Click a point, or a component's number, to see where its figures come from.",
    );
  }

  /**
   * @param {(string | Node)[]} title
   * @param {HTMLElement} table
   * @param {string} note
   */
  show(title, table, note) {
    this.title.replaceChildren(...title);
    this.closer.hidden = false;
    this.content.replaceChildren(table, element("p", {}, note));
  }

  /**
   * The row pi_k * N(x; mu_k, Sigma_k) of a point, times the chance of its answer, its responsibilities, and how dense
   * its place is.
   * @param {PointHere & { mixture: Mixture }} here
   */
  showPoint({ i, x, y, answer = null, whole = null, mixture, theme, spans, phase, marks }) {
    const { parts, logDensity } = explainPoint(x, y, answer && answer.value, mixture, whole?.numbers);
    const total = parts.reduce((sum, part) => sum + part.joint, 0);
    const colours = shareColours(theme, { components: mixture.weights.length, rows: parts.length });
    const rows = parts.map((part, k) => [
      element("td", {}, percent(part.weight)),
      element("td", {}, density(part.density)),
      ...(answer ? [element("td", {}, percent(part.chance))] : []),
      element("td", {}, density(part.joint)),
      shareCell(part.responsibility, colours[k], percent(part.responsibility)),
    ]);
    const { logDensities } = evaluateMarks(marks, mixture);
    let below = 0;
    let all = 0;
    logDensities.forEach((value, j) => {
      const size = marks.sizes?.[j] ?? 1;
      all += size;
      if (value < logDensity) below += size;
    });
    const note = {
      start: "The first E-step will colour it so. ",
      E: "",
      M: "The ellipses just moved; the colours follow at the next E-step. ",
    }[phase];
    this.number.show(i + 1);
    this.show(
      [`${pointTitle(i, x, y, spans)}${answer ? `, ${answer.name}` : ""}`],
      tableOfComponents(
        [["weight"], ["× density"], ...chanceHeading(answer), ["= product"], ["share"]],
        rows,
        theme,
        mixture.weights.length,
      ),
      `${whole ? `${everyColumn(whole)} ` : ""}${note}Sum of products p(x) = ${density(total)}, log ${nats(logDensity)}: denser than at ${percent(below / all, 0)} of the points.`,
    );
  }

  /**
   * A component's weighted sums, as Python computed them at state t.
   * @param {ComponentHere & { run: EMRun }} here
   */
  showComponent({ k, t, run, phase, theme, spans }) {
    const at = t * run.components + k;
    const held = run.counts[at];
    const total = countedIn(run);
    const [x, y] = run.moment_means.subarray(2 * at);
    const [xx, xy, yy] = run.scatters.subarray(3 * at).map((value) => value / held);
    const note =
      held &&
      {
        start: "The first E-step will add this up for it.",
        E: "Added up in this E-step. The M-step will make it the new ellipse, as far as the family allows.",
        M: "Added up in the last E-step. The ellipse has just moved there.",
      }[phase];
    /** @type {[string, string][]} */
    const spread =
      run.dimensions === 1
        ? [["weighted variance", digits(xx)]]
        : [
            ["weighted variances", `${digits(xx)}, ${digits(yy)}`],
            ["weighted covariance", digits(xy)],
          ];
    /** @type {[string, string][]} */
    const shape = [...shareOfYes(run, at), ["weighted mean", placeText([x, y], spans)], ...spread];
    const table = tableOfPairs([
      ["holds Σr", `${count(held)} of ${count(total)} points`],
      ["weight", percent(held / total, 2)],
      ...(held ? shape : []),
    ]);
    this.show([chip(k, theme), ` Component ${k + 1}`], table, note || HOLDS_NOTHING);
  }

  /**
   * How far a point is from every centre, and which of them takes it, whole.
   * @param {PointHere & { clusters: Clusters }} here
   */
  showDistances({ i, x, y, clusters, theme, spans, phase }) {
    const distances = distancesFrom(x, y, clusters);
    const shares = nearest({ x: [x], y: [y] }, clusters);
    const rows = distances.map((distance, k) => [
      element("td", {}, digits(distance)),
      element("td", {}, digits(distance * distance)),
      shareCell(shares[k], theme.palette[k], shares[k] ? "nearest" : ""),
    ]);
    const own = shares.indexOf(1);
    const note = {
      start: "The first assignment will give",
      E: "The assignment gave",
      M: "The centres just moved; the next assignment will give",
    }[phase];
    this.show(
      [pointTitle(i, x, y, spans)],
      tableOfComponents([["distance to the centre"], ["squared"], [""]], rows, theme),
      `${note} the whole point to centre ${own + 1}, the nearest: it adds ${digits(distances[own] ** 2)}, its squared distance, to the inertia.`,
    );
  }

  /**
   * The points that centre k holds, and its part of the inertia, as Python computed them for picture `index`.
   * @param {ComponentHere & { run: KMeansRun, index: number }} here
   */
  showCluster({ k, index, t, run, phase, theme, spans }) {
    const at = t * run.components + k;
    const held = run.counts[at];
    const [x, y] = run.moment_means.subarray(2 * at);
    const part = run.parts[index * run.components + k];
    const note =
      held &&
      {
        start: "The first assignment will give it these points.",
        E: "These points are nearer to it than to any other centre; next it moves to their mean.",
        M: "It has just moved to the mean of these points, which the assignment before gave it.",
      }[phase];
    const table = tableOfPairs([
      ["holds", `${count(held)} of ${count(run.total)} points, each whole`],
      ["mean of these points", held ? placeText([x, y], spans) : "none"],
      ["their squared distances, summed", `${quantity(part)} of ${quantity(run.values[index])}, the inertia`],
    ]);
    this.show([chip(k, theme), ` Centre ${k + 1}`], table, note || NO_POINTS);
  }
}

/** @param {AllTold} all */
const everyColumn = ({ numbers, spans, columns }) =>
  `Densities are those of all ${columns.length} columns: ${columns.map((name, axis) => `${name} ${inUnits(numbers[axis], spans[axis])}`).join(", ")}.`;

/**
 * @param {Told} answer
 * @returns {[string][]}
 */
const chanceHeading = (answer) => (answer ? [[`× P(${answer.name})`]] : []);

/**
 * Of what a component holds, the share that says yes.
 * @param {EMRun} run
 * @param {number} at the place of the component and state
 * @returns {[string, string][]}
 */
const shareOfYes = ({ answer, successes, counts }, at) =>
  answer && successes ? [[`weighted share of ${answer[2]}`, percent(successes[at] / counts[at])]] : [];

/**
 * @param {number} i
 * @param {number} x
 * @param {number} y
 * @param {number[]} spans
 */
const pointTitle = (i, x, y, spans) => `Point ${i + 1} at ${placeText([x, y], spans)}`;

/**
 * A row for each of k components, after its number, and one more for the noise where there is any.
 * @param {[string][]} headings
 * @param {HTMLElement[][]} rows
 * @param {Theme} theme
 * @param {number} [k]
 */
const tableOfComponents = (headings, rows, theme, k = rows.length) =>
  element(
    "table",
    { class: "em-table" },
    headOf(headings),
    element(
      "tbody",
      {},
      ...rows.map((cells, j) =>
        element("tr", {}, element("td", {}, j < k ? chip(j, theme) : "noise"), ...cells),
      ),
    ),
  );
