// A guess that is one of several answers.

import { element } from "../../draw/dom.js";

export class ChoiceGuess {
  /**
   * @param {ChoicePrediction} prediction
   * @param {() => void} changed
   */
  constructor({ options }, changed) {
    this.rows = options.map((name) => {
      const input = element("input", {
        type: "radio",
        name: "em-lesson-guess",
        value: name,
        change: changed,
      });
      const text = element("span");
      return { name, input, text, node: element("label", {}, input, text) };
    });
    this.node = element("div", { class: "em-options" }, ...this.rows.map(({ node }) => node));
  }

  get guess() {
    return this.rows.find(({ input }) => input.checked)?.name ?? null;
  }

  /** @param {LessonView} view */
  show({ said, guess, step, message }) {
    for (const { name, input, text, node } of this.rows) {
      text.textContent = said.options?.[name] ?? name;
      if (guess !== null) input.checked = name === guess;
      node.classList.toggle("em-actual", step === "reveal" && name === message.prediction.actual);
    }
  }
}
