// What there is to do on the stage, with a button for what the stage has none, and the one that shows what happened.

import { element } from "../../draw/dom.js";

export class WhatToDo {
  /** @param {{ change: (byHand: boolean) => void, reveal: () => void }} acts */
  constructor({ change, reveal }) {
    this.text = element("p");
    const primary = { type: "button", class: "em-primary" };
    this.doer = element("button", { ...primary, click: ({ detail }) => change(detail > 0) });
    this.revealer = element("button", { ...primary, click: () => reveal() });
    this.node = element("div", { class: "em-act" }, this.text, this.doer, this.revealer);
  }

  /** @param {LessonView} view */
  show({ message, said, page, step, waits }) {
    this.node.hidden = step === "question" || waits;
    this.text.textContent = said.act;
    this.doer.textContent = page.change;
    this.revealer.textContent = page.reveal;
    this.doer.hidden = step !== "act" || !message.change;
    const isDone = step !== "reveal" && !(step === "act" && message.change);
    this.revealer.hidden = !isDone;
  }

  /** The button that leads on. */
  get onward() {
    return [this.doer, this.revealer].find(({ hidden }) => !hidden) ?? this.revealer;
  }
}
