// A guess that is a place on the picture: a flag there, and its numbers here.

import { element } from "../../draw/dom.js";
import { NumberField } from "../number-field.js";
import { Flag } from "./flag.js";

export class PlaceGuess {
  /**
   * @param {PlacePrediction} prediction
   * @param {() => void} changed
   */
  constructor({ columns, decimals }, changed) {
    this.decimals = decimals;
    this.changed = changed;
    /** @type {Flag | undefined} */
    this.flag = undefined;
    this.fields = columns.map(
      (name) =>
        new NumberField(
          { step: "any", inputmode: "decimal", "aria-label": name },
          { typed: () => this.type(), entered: () => this.type() },
        ),
    );
    const labelled = this.fields.map(({ node }, axis) =>
      element("label", {}, element("span", { class: "em-range" }, columns[axis]), node),
    );
    this.node = element("div", { class: "em-number em-place" }, ...labelled);
  }

  /** Puts the flag on a picture. @param {import("../../stages/pane.js").Pane} pane */
  attach(pane) {
    this.flag?.destroy();
    this.flag = new Flag(pane, this.fields.length === 1, (place) => {
      place.forEach((value, axis) => this.fields[axis].show(Number(value.toFixed(this.decimals))));
      this.changed();
    });
    this.flag.stand(this.guess);
    if (this.view) this.show(this.view);
  }

  /** What the fields say; the flag follows. */
  type() {
    this.flag?.stand(this.guess);
    this.changed();
  }

  /** Null until every number is there. */
  get guess() {
    const place = this.fields.map(({ number }) => number);
    return place.every(Number.isFinite) ? place : null;
  }

  /** @param {LessonView} view */
  show(view) {
    /** @type {LessonView | undefined} */
    this.view = view;
    const { page, guess, step, message } = view;
    if (Array.isArray(guess)) guess.forEach((value, axis) => this.fields[axis].show(value));
    const { prediction } = message;
    const truth = step === "reveal" && prediction.kind === "place" ? prediction.actual : null;
    this.flag?.stand(this.guess);
    this.flag?.show({ name: page.flag, truth: page.truth }, guess !== null, truth);
  }

  destroy() {
    this.flag?.destroy();
  }
}
