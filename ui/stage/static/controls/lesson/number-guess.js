// A guess that is a number.

import { element } from "../../draw/dom.js";

export class NumberGuess {
  /**
   * @param {NumberPrediction} prediction
   * @param {string} label the id of what names it
   * @param {() => void} changed
   */
  constructor({ low, high, step }, label, changed) {
    this.low = low;
    this.high = high;
    this.input = element("input", {
      type: "number",
      min: low,
      max: high,
      step,
      inputmode: "decimal",
      "aria-labelledby": label,
      input: changed,
    });
    this.range = element("span", { class: "em-range" }, `${low} – ${high}`);
    this.node = element("div", { class: "em-number" }, this.input, this.range);
  }

  /** Null where it is none, or beyond what is asked for; between two steps is as good as on one. */
  get guess() {
    const number = this.input.value === "" ? NaN : Number(this.input.value);
    return number >= this.low && number <= this.high ? number : null;
  }

  /** @param {LessonView} view */
  show({ guess }) {
    if (guess !== null) this.input.value = String(guess);
  }
}
