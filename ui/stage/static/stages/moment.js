// What a formula is told of a pane's picture.

import { pictureAt } from "../model/timeline.js";
import { pointOf } from "../words/formulas.js";

/**
 * @param {import("./pane.js").Pane} pane
 * @param {import("./pane.js").Target} asked
 * @param {Partial<import("../words/formulas.js").Moment>} [more]
 * @returns {import("../controls/algorithm-card.js").Here}
 */
export function momentOf(pane, asked, more = {}) {
  const { run, index, model, view } = pane;
  const moment = {
    ...{ run, index, asked, judge: run, clustered: false, circles: false },
    ...{ moving: Boolean(pane.override), spans: pane.picture.spans, components: pane.shown() },
    held: pictureAt(index).colours,
    before: pictureAt(index).phase === "M" ? model.at(run, index - 1, view) : null,
    ...more,
  };
  const point = pointOf(moment);
  return { ...moment, numbers: point < 0 ? null : pane.numbersOf(point) };
}

/**
 * What the lines of an algorithm on a stage do, and the folds of all its cards.
 * @param {import("./stage.js").Stage} stage
 * @param {() => import("../controls/algorithm-card.js").AlgorithmCard[]} cards
 */
export const actsOf = (stage, cards) => ({
  goTo: (/** @type {number} */ index) => stage.goTo(index),
  unfolded: (/** @type {boolean} */ open) => {
    stage.held.formula = open;
    for (const card of cards()) card.unfold(open);
    stage.answerNow();
  },
});
