// What came of it, beside the guess, and where to go from here. It is read out as it comes.

import { element } from "../../draw/dom.js";
import { sayOwn, sayVerdict } from "../../words/lesson.js";

export class Reveal {
  /**
   * @param {{ again: () => void, forward: () => void, lab?: () => void }} acts without a lab there is no way to it
   */
  constructor({ again, forward, lab }) {
    this.verdict = element("strong");
    this.text = element("p");
    this.own = element("p");
    this.next = element("p");
    this.spoken = element("div", { class: "em-revealed", "aria-live": "polite" });
    this.again = element("button", { type: "button", click: again });
    this.forward = element("button", { type: "button", class: "em-primary", click: forward });
    this.lab = element("button", { type: "button", click: () => lab?.() });
    this.lab.hidden = !lab;
    this.buttons = element("div", { class: "em-onward" }, this.again, this.forward, this.lab);
    this.node = element("div", { class: "em-reveal" }, this.spoken, this.buttons);
  }

  /** @param {LessonView} view */
  show(view) {
    const { message, said, page, step, alone } = view;
    const shown = step === "reveal";
    this.node.classList.toggle("em-shown", shown);
    this.buttons.hidden = !shown;
    this.verdict.textContent = sayVerdict(view);
    this.text.textContent = said.reveal;
    this.own.textContent = sayOwn(view);
    this.own.hidden = this.own.textContent === "";
    this.next.replaceChildren(element("em", {}, `${alone ? page.next_alone : page.next}:`), ` ${said.next}`);
    this.spoken.replaceChildren(
      ...(shown ? [element("p", {}, this.verdict), this.text, this.own, this.next] : []),
    );
    this.again.textContent = page.again;
    this.forward.textContent = page.forward;
    this.lab.textContent = page.lab;
    this.forward.hidden = message.number === message.course.length;
  }

  /** The button that leads on. */
  get onward() {
    return this.forward.hidden ? this.again : this.forward;
  }
}
