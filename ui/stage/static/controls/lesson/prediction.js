// What people say before they see it; once said, it stands.

import { element } from "../../draw/dom.js";
import { ChoiceGuess } from "./choice-guess.js";
import { NumberGuess } from "./number-guess.js";
import { PlaceGuess } from "./place-guess.js";

/**
 * How people say it: `node` is in the form, `guess` null until they have.
 * @typedef {{ node: HTMLElement, guess: Guess | null, show: (view: LessonView) => void,
 *   attach?: (pane: import("../../stages/pane.js").Pane) => void, destroy?: () => void }} Way
 */

export class Prediction {
  /** @param {(guess: Guess, byHand: boolean) => void} commit */
  constructor(commit) {
    this.legend = element("legend", { id: "em-lesson-ask" });
    this.way = element("div", { class: "em-way" });
    this.button = element("button", { type: "submit", class: "em-primary" });
    this.fields = element("fieldset", {}, this.legend, this.way, this.button);
    /** Whether a pointer was the last to press the button. */
    this.byHand = false;
    this.button.addEventListener("click", ({ detail }) => (this.byHand = detail > 0));
    this.node = element(
      "form",
      {
        class: "em-predict",
        submit: (event) => {
          event.preventDefault();
          const guess = this.current?.guess ?? null;
          if (guess !== null) commit(guess, this.byHand);
        },
      },
      this.fields,
    );
    /** @type {Way | undefined} */
    this.current = undefined;
  }

  /** @param {LessonMessage} message */
  begin({ prediction }) {
    const changed = () => this.allow();
    this.current?.destroy?.();
    if (prediction.kind === "choice") this.current = new ChoiceGuess(prediction, changed);
    else if (prediction.kind === "place") this.current = new PlaceGuess(prediction, changed);
    else this.current = new NumberGuess(prediction, this.legend.id, changed);
    this.way.replaceChildren(this.current.node);
  }

  /** The picture that a place is on. @param {import("../../stages/pane.js").Pane} pane */
  attach(pane) {
    this.current?.attach?.(pane);
  }

  allow() {
    this.button.disabled = this.current?.guess === null;
  }

  /** @param {LessonView} view */
  show(view) {
    this.legend.textContent = view.said.ask;
    this.button.textContent = view.page.predict;
    this.fields.disabled = view.guess !== null;
    this.current?.show(view);
    this.allow();
  }
}
