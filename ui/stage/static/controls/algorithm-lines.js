// The two lines of EM; the one that made the picture is lit.

import { element } from "../draw/dom.js";

/** @param {string} text HTML of ours */
const line = (text) => {
  const span = element("span");
  span.innerHTML = text;
  return element("li", {}, span);
};

export class AlgorithmLines {
  constructor() {
    this.lines = {
      E: line(
        "<b>E</b> <i>r<sub>ik</sub></i> = <i>π<sub>k</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>k</sub></i>, Σ<sub>k</sub>) ⁄ Σ<sub><i>j</i></sub> <i>π<sub>j</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>j</sub></i>, Σ<sub>j</sub>)",
      ),
      M: line(
        "<b>M</b> <i>N<sub>k</sub></i> = Σ<sub><i>i</i></sub> <i>r<sub>ik</sub></i>, &ensp;<i>π<sub>k</sub></i> = <i>N<sub>k</sub></i> ⁄ <i>N</i>, &ensp;<i>μ<sub>k</sub></i>, Σ<sub>k</sub> = weighted mean, spread",
      ),
    };
    this.node = element(
      "ol",
      { class: "em-algorithm", "aria-label": "The algorithm" },
      this.lines.E,
      this.lines.M,
    );
  }

  /** @param {Phase} phase */
  show(phase) {
    for (const [name, node] of Object.entries(this.lines)) node.classList.toggle("em-lit", name === phase);
  }
}
