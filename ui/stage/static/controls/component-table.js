// Weight, mean and half-axes of every component, and the angle of what is drawn.

import { axesOf } from "../model/by-hand.js";
import { UNSEEN, presence } from "../model/mixture.js";
import { element } from "../draw/dom.js";
import { glyphSign } from "../draw/glyphs.js";
import { drawnAngle } from "../draw/shapes.js";
import { digits, percent, placeText } from "../words/format.js";
import { headOf } from "./table.js";

/** What stands in the columns, and what it means. @type {[string, string][]} */
const COLUMNS = [
  ["weight", "The share of all points that the component stands for"],
  ["mean", "The centre of the component"],
];

/** In the plane. @type {[string, string][]} */
const ELLIPSE = [
  ["length × width", "Of half the solid ellipse: one standard deviation each way"],
  ["angle", "How far the long axis is turned as it is drawn, counterclockwise from the horizontal"],
];

/** On a line. @type {[string, string][]} */
const WIDTH = [["width σ", "One standard deviation to each side of the mean"]];

/**
 * The column of a mixture that has a yes/no column beside the numbers.
 * @param {EMRun} run
 * @returns {[string, string][]}
 */
const answerColumn = ({ answer }) =>
  answer
    ? [[`P(${answer[2]})`, `How likely a point of the component is ${answer[2]}, by its ${answer[0]}`]]
    : [];

export class ComponentTable {
  /** @param {(component: number) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.head = headOf(COLUMNS);
    this.body = element("tbody");
    this.node = element("table", { class: "em-table", "aria-label": "Components" }, this.head, this.body);
    /** @type {HTMLTableCellElement[][]} */
    this.rows = [];
  }

  /**
   * A row for each component of a run.
   * @param {EMRun} run
   * @param {Theme} theme
   */
  build(run, theme) {
    this.run = run;
    const shape = run.dimensions === 1 ? WIDTH : ELLIPSE;
    const columns = [...COLUMNS, ...shape, ...answerColumn(run)];
    const head = headOf(columns);
    this.head.replaceWith(head);
    this.head = head;
    this.body.replaceChildren();
    this.rows = Array.from({ length: run.components }, (_, k) => {
      const button = element(
        "button",
        {
          class: "em-chip",
          type: "button",
          style: `--em-colour:${theme.palette[k]}`,
          "aria-label": `Ask component ${k + 1}`,
          click: () => this.ask(k),
        },
        String(k + 1),
        glyphSign(theme.glyphs[k]),
      );
      const cells = columns.map(() => element("td"));
      this.body.append(element("tr", {}, element("td", {}, button), ...cells));
      return cells;
    });
    this.noise = element("td");
    if (!run.noise) return;
    const what = element("td", { colSpan: columns.length - 1 }, "spread evenly over all of the data");
    this.body.append(element("tr", {}, element("td", {}, "noise"), this.noise, what));
  }

  /**
   * Shows the numbers of `mixture`, which is state t's or what a hand makes of it, on axes of which the upward one is
   * drawn `ratio` times as long.
   * @param {number} t
   * @param {Mixture} mixture
   * @param {number[]} spans
   * @param {number} ratio
   */
  show(t, mixture, spans, ratio) {
    const { run } = this;
    if (!run) return;
    if (run.noise && this.noise) this.noise.textContent = percent(run.noise[t]);
    this.rows.forEach((cells, k) => {
      const texts = [
        percent(mixture.weights[k]),
        placeText(mixture.means.subarray(2 * k), spans).slice(1, -1),
        ...(run.dimensions === 1
          ? [digits(Math.sqrt(mixture.covariances[3 * k]))]
          : ellipseTexts(mixture, k, ratio)),
        ...(mixture.probabilities ? [percent(mixture.probabilities[k])] : []),
      ];
      cells[0].parentElement?.classList.toggle("em-faded", presence(mixture, k) < UNSEEN);
      texts.forEach((text, i) => {
        if (cells[i].textContent !== text) cells[i].textContent = text;
      });
    });
  }
}

/**
 * Half-axes of component k's ellipse, and its angle as it is drawn.
 * @param {Mixture} mixture
 * @param {number} k
 * @param {number} ratio
 */
function ellipseTexts(mixture, k, ratio) {
  const { covariances } = mixture;
  const { along, across } = axesOf(mixture, k);
  const [xx, xy, yy] = covariances.subarray(3 * k, 3 * k + 3);
  return [`${digits(along)} × ${digits(across)}`, angleText(drawnAngle(xx, xy, yy, ratio))];
}

/** @param {number} angle in radians; NaN for a circle, which has none */
const angleText = (angle) =>
  Number.isNaN(angle)
    ? "–"
    : `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−").replace("−0°", "0°");
