// A guess that is a place on the picture: a flag there, and its numbers here.

import { writtenPlace } from "../../words/lesson.js";
import { element } from "../../draw/dom.js";
import { NumberField } from "../number-field.js";
import { Flag } from "./flag.js";

/** Milliseconds that a moved flag rests before its place is read out: arrows would cut off each other's. */
const RESTED = 400;

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
    this.hint = element("p", { class: "em-range", id: "em-lesson-by-numbers" });
    this.spoken = element("p", { class: "em-unseen", "aria-live": "polite" });
    for (const { node } of this.fields) node.setAttribute("aria-describedby", this.hint.id);
    this.node = element("div", { class: "em-number em-place" }, this.hint, ...labelled, this.spoken);
  }

  /** Puts the flag on a picture. @param {import("../../stages/pane.js").Pane} pane */
  attach(pane) {
    this.flag?.destroy();
    this.flag = new Flag(pane, this.fields.length === 1, (place) => {
      place.forEach((value, axis) => this.fields[axis].show(Number(value.toFixed(this.decimals))));
      this.changed();
      this.flag?.call(this.flagName);
      this.speak();
    });
    this.flag.stand(this.guess);
    if (this.view) this.show(this.view);
  }

  /** Where the flag stands, as it is written on the screen; empty for nowhere. */
  get written() {
    return this.guess ? writtenPlace(this.guess, this.decimals, this.view?.comma ?? ".") : "";
  }

  get flagName() {
    return [this.view?.page.flag, this.written].filter(Boolean).join(". ");
  }

  /** Reads out where a hand has put it, once it rests there. */
  speak() {
    clearTimeout(this.speaking);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.speaking = setTimeout(() => (this.spoken.textContent = this.written), RESTED);
  }

  /** What the fields say; the flag follows. */
  type() {
    this.flag?.stand(this.guess);
    this.flag?.call(this.flagName);
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
    const { page, guess, step, message, language } = view;
    this.hint.textContent = page.by_numbers;
    this.hint.hidden = guess !== null;
    if (Array.isArray(guess)) guess.forEach((value, axis) => this.fields[axis].show(value));
    const { prediction } = message;
    const truth = step === "reveal" && prediction.kind === "place" ? prediction.actual : null;
    this.flag?.stand(this.guess);
    this.flag?.show({ name: this.flagName, truth: page.truth, language }, guess !== null, truth);
  }

  destroy() {
    clearTimeout(this.speaking);
    this.flag?.destroy();
  }
}
