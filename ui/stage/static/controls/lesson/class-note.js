// What became of a guess that went to the room, and the way to a second one; what comes of it is the teacher's to show.

import { element } from "../../draw/dom.js";

export class ClassNote {
  /** @param {{ again: () => void, resend: () => void, alone: () => void }} acts */
  constructor({ again, resend, alone }) {
    this.said = element("p", { "aria-live": "polite" });
    this.resender = element("button", { type: "button", click: resend });
    this.again = element("button", { type: "button", click: again });
    this.stopped = element("p", { class: "em-waits" });
    this.alone = element("button", { type: "button", class: "em-alone-on", click: alone });
    this.node = element(
      "div",
      { class: "em-class", tabindex: -1, "data-testid": "class-note" },
      this.said,
      this.resender,
      this.again,
      this.stopped,
      this.alone,
    );
  }

  /** @param {LessonView} view */
  show({ seat, page, step, guess, thinksAgain, waits }) {
    const { activeElement } = document;
    const status = seat?.status ?? "";
    this.node.dataset.status = status;
    this.said.textContent = status ? page[`class_${status}`] : "";
    this.resender.textContent = page.class_resend;
    this.again.textContent = page[seat?.isThrough ? "class_anew" : "class_neighbour"];
    this.resender.hidden = !seat?.mayResend || Boolean(thinksAgain);
    this.again.hidden = !seat?.mayGuessAgain || Boolean(thinksAgain) || guess === null || step === "reveal";
    this.stopped.textContent = page.stopped;
    this.alone.textContent = page.class_alone;
    this.stopped.hidden = this.alone.hidden = !waits || step === "question" || Boolean(thinksAgain);
    this.node.hidden = !status && this.again.hidden && this.alone.hidden;
    // What the room has said takes the place of a button that somebody stood on.
    const isGone =
      (activeElement === this.resender && this.resender.hidden) ||
      (activeElement === this.again && this.again.hidden);
    if (isGone) this.node.focus({ preventScroll: true });
  }
}
