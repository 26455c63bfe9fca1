// What became of a guess that went to the room, and the way to a second one.

import { element } from "../../draw/dom.js";

export class ClassNote {
  /** @param {{ again: () => void, resend: () => void }} acts */
  constructor({ again, resend }) {
    this.said = element("p", { "aria-live": "polite" });
    this.resender = element("button", { type: "button", click: resend });
    this.again = element("button", { type: "button", click: again });
    this.node = element(
      "div",
      { class: "em-class", tabindex: -1, "data-testid": "class-note" },
      this.said,
      this.resender,
      this.again,
    );
  }

  /** @param {LessonView} view */
  show({ seat, page, step, thinksAgain }) {
    const status = seat?.status ?? "";
    this.node.dataset.status = status;
    this.said.textContent = status ? page[`class_${status}`] : "";
    this.resender.textContent = page.class_resend;
    this.again.textContent = page.class_neighbour;
    this.resender.hidden = !seat?.mayResend || Boolean(thinksAgain);
    this.again.hidden = !seat?.mayGuessAgain || Boolean(thinksAgain) || step === "reveal";
    this.node.hidden = !status && this.again.hidden;
  }
}
