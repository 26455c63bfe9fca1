// The card beside a mark: what the fit looks like, and a few words. It lies above the whole page, so that nothing cuts
// it off.

import { element } from "../draw/dom.js";
import { placeBeside } from "../draw/placement.js";

export class FitCard {
  /** @param {() => void} open what its button does, for fingers, which cannot point without pressing */
  constructor(open) {
    this.picture = element("div");
    /** What it shows. @type {{ fit: SmallFit, picture: string } | null} */
    this.content = null;
    this.title = element("strong");
    this.facts = element("ul");
    this.button = element("button", { type: "button", click: open }, "Open");
    this.node = element(
      "div",
      { class: "em-fit-card", popover: "manual" },
      this.picture,
      element("div", { class: "em-fit-words" }, this.title, this.facts, this.button),
    );
  }

  /**
   * Shows a fit, with its picture as SVG text, beside a mark in the pixels of the window.
   * @param {SmallFit} fit
   * @param {string} picture
   * @param {Box} mark
   * @param {boolean} finger
   */
  show(fit, picture, mark, finger) {
    if (fit !== this.content?.fit || picture !== this.content.picture) {
      this.content = { fit, picture };
      this.picture.innerHTML = picture;
      this.title.textContent = fit.title;
      this.facts.replaceChildren(...fit.facts.map((fact) => element("li", {}, fact)));
    }
    this.button.hidden = !finger;
    this.node.classList.toggle("em-touched", finger);
    if (!this.node.matches(":popover-open")) this.node.showPopover();
    const { width, height } = this.node.getBoundingClientRect();
    // Without a scroll bar, which lies above whatever is beneath it.
    const { clientWidth, clientHeight } = document.documentElement;
    const { left, top } = placeBeside(
      mark,
      { width, height },
      { width: clientWidth, height: clientHeight },
      finger,
    );
    this.node.style.left = `${left}px`;
    this.node.style.top = `${top}px`;
  }

  hide() {
    if (this.node.matches(":popover-open")) this.node.hidePopover();
  }
}
