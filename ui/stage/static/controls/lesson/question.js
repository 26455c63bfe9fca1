// The question of a lesson: where the reader begins.

import { element } from "../../draw/dom.js";

export class Question {
  constructor() {
    this.node = element("h2", { class: "em-question", tabindex: -1 });
  }

  /** @param {LessonView} view */
  show({ said }) {
    this.node.textContent = said.question;
  }
}
