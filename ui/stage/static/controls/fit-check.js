// "Does it fit?": where the points lie in the model's mass. Closed at first, and worked out only while open.

import { percentilesOf } from "../model/fit-check.js";
import { plainMixture } from "../model/mixture.js";
import { noiseRegion } from "../model/noise-region.js";
import { element } from "../draw/dom.js";
import { fitFigure } from "../draw/fit-figure.js";
import { count } from "../words/format.js";
import { describeFit } from "../words/fit.js";

/** Of more points so many are looked at, evenly over their rows. */
const MOST_LOOKED_AT = 20_000;

export class FitCheck {
  /** @param {() => void} toggled */
  constructor(toggled) {
    this.figure = element("div");
    this.sentence = element("p", { class: "em-fit-sentence" });
    this.note = element("p", { class: "em-fit-note" });
    this.fold = element(
      "details",
      { toggle: toggled },
      element("summary", {}, "Does it fit?"),
      this.sentence,
      this.figure,
      this.note,
    );
    this.node = element("section", { class: "em-card em-fit", "aria-label": "Does it fit?" }, this.fold);
    /** @type {unknown[]} */
    this.shown = [];
  }

  /**
   * Says how well the points fit the mixture, if that is open; the distance of Kolmogorov and Smirnov, or "".
   * @param {EMRun} run
   * @param {Mixture | null} mixture
   * @param {boolean} learned whether a step has been made
   */
  show(run, mixture, learned) {
    // Of two among more columns it would be another question.
    const asked = mixture && run.n > 0 && run.dimensions <= 2;
    this.node.hidden = !asked;
    if (!asked || !this.fold.open) return "";
    this.figure.hidden = this.note.hidden = run.weighted;
    if (run.weighted) {
      this.sentence.textContent = "There is no check of fit where points count more than once, or less.";
      return "";
    }
    const now = [run, mixture, learned];
    if (this.shown.every((value, i) => value === now[i]) && this.shown.length) return this.distance;
    this.shown = now;
    const points = lookedAt(run);
    const sorted = percentilesOf(points, plainMixture(mixture, run), noiseRegion(run)).sort();
    const { sentence, distance, band } = describeFit(sorted);
    this.distance = distance;
    this.sentence.textContent = sentence;
    const label = `The percentiles of the points under the model against those expected. At most ${distance.toFixed(3)} apart; the band is ${band.toFixed(3)} wide to each side.`;
    this.figure.innerHTML = fitFigure(sorted, band, label);
    this.note.textContent = noteOf(run, points.x.length, learned);
    return distance;
  }
}

/**
 * The points, or some of them if they are many.
 * @param {EMRun} run
 * @returns {Places}
 */
function lookedAt({ x, y, binary }) {
  const every = Math.ceil(x.length / MOST_LOOKED_AT);
  // A point that is about to be taken off has no place.
  const seen = (/** @type {unknown} */ _, /** @type {number} */ i) =>
    i % every === 0 && Number.isFinite(x[i]);
  return { x: x.filter(seen), y: y.filter(seen), binary: binary?.filter(seen) };
}

/**
 * @param {EMRun} run
 * @param {number} seen
 * @param {boolean} learned
 */
function noteOf(run, seen, learned) {
  const generous = learned
    ? " Here it has learned from the points themselves, so the band is generous."
    : " This is the first guess, before any step.";
  const some = seen < run.n ? ` Of ${count(run.n)} points ${count(seen)} are looked at.` : "";
  return `Each point's share of the model's mass that lies where the model is thinner than there. If the model is right, all shares are as common, and the line keeps to the diagonal; in the band lie 95 of 100 lines of points that a given model draws.${generous}${some}`;
}
