// The two lines of an algorithm; the one that made the picture is lit.

import { element } from "../draw/dom.js";

const R = "<i>r<sub>ik</sub></i>";
const PRODUCT = "<i>π<sub>k</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>k</sub></i>, Σ<sub>k</sub>)";
const OTHERS = "<i>π<sub>j</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>j</sub></i>, Σ<sub>j</sub>)";
const SUM = "Σ<sub><i>j</i></sub>";
const COUNT = "<i>N<sub>k</sub></i> = Σ<sub><i>i</i></sub> <i>r<sub>ik</sub></i>";
const UPDATES = `${COUNT}, &ensp;<i>π<sub>k</sub></i> = <i>N<sub>k</sub></i> ⁄ <i>N</i>, &ensp;<i>μ<sub>k</sub></i>, Σ<sub>k</sub> = weighted mean, spread`;

/** What an E-step and an M-step compute. @type {Record<string, Record<string, string>>} */
const LINES = {
  em: { E: `${R} = ${PRODUCT} ⁄ ${SUM} ${OTHERS}`, M: UPDATES },
  classification: { E: `${R} = 1 where ${PRODUCT} is largest, else 0`, M: UPDATES },
  annealed: { E: `${R} = [${PRODUCT}]<sup>1⁄T</sup> ⁄ ${SUM} [${OTHERS}]<sup>1⁄T</sup>`, M: UPDATES },
  variational: {
    E: `${R} ∝ exp E[log ${PRODUCT}]`,
    M: `${COUNT}; &ensp;beliefs about <i>π<sub>k</sub></i>, <i>μ<sub>k</sub></i>, Σ<sub>k</sub>: those of before, and <i>N<sub>k</sub></i> points more`,
  },
};

export class AlgorithmLines {
  constructor() {
    /** @type {Record<string, HTMLElement>} */
    this.lines = { E: element("li"), M: element("li") };
    const label = { class: "em-algorithm", "aria-label": "The algorithm" };
    this.node = element("ol", label, this.lines.E, this.lines.M);
  }

  /**
   * The lines of a run's algorithm.
   * @param {{ algorithm: string }} run
   */
  begin({ algorithm }) {
    for (const [name, node] of Object.entries(this.lines)) {
      const span = element("span");
      span.innerHTML = `<b>${name}</b> ${(LINES[algorithm] ?? LINES.em)[name]}`;
      node.replaceChildren(span);
    }
  }

  /** @param {Phase} phase */
  show(phase) {
    for (const [name, node] of Object.entries(this.lines)) node.classList.toggle("em-lit", name === phase);
  }
}
