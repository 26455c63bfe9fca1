// The two lines of an algorithm; the one that made the picture is lit.

import { element } from "../draw/dom.js";

const R = "<i>r<sub>ik</sub></i>";
const SUM = "Σ<sub><i>j</i></sub>";
const COUNT = "<i>N<sub>k</sub></i> = Σ<sub><i>i</i></sub> <i>r<sub>ik</sub></i>";

/**
 * The weighted density of point i in component k or j, with the chance of its answer where there is a yes/no column.
 * @type {(k: string, answered: boolean) => string}
 */
const product = (k, answered) =>
  `<i>π<sub>${k}</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>${k}</sub></i>, Σ<sub>${k}</sub>)` +
  (answered ? ` P(<i>b<sub>i</sub></i>; <i>θ<sub>${k}</sub></i>)` : "");

/** What an E-step computes. @type {Record<string, (own: string, others: string) => string>} */
const E_STEPS = {
  em: (own, others) => `${R} = ${own} ⁄ ${SUM} ${others}`,
  classification: (own) => `${R} = 1 where ${own} is largest, else 0`,
  annealed: (own, others) => `${R} = [${own}]<sup>1⁄T</sup> ⁄ ${SUM} [${others}]<sup>1⁄T</sup>`,
  variational: (own) => `${R} ∝ exp E[log ${own}]`,
};

/**
 * What an M-step computes.
 * @param {string} algorithm
 * @param {boolean} answered
 */
function mStep(algorithm, answered) {
  const theta = answered ? ", <i>θ<sub>k</sub></i>" : "";
  if (algorithm === "variational")
    return `${COUNT}; &ensp;beliefs about <i>π<sub>k</sub></i>, <i>μ<sub>k</sub></i>, Σ<sub>k</sub>${theta}: those of before, and <i>N<sub>k</sub></i> points more`;
  return `${COUNT}, &ensp;<i>π<sub>k</sub></i> = <i>N<sub>k</sub></i> ⁄ <i>N</i>, &ensp;<i>μ<sub>k</sub></i>, Σ<sub>k</sub>${theta} = weighted mean, spread${answered ? ", share of yes" : ""}`;
}

export class AlgorithmLines {
  constructor() {
    /** @type {Record<string, HTMLElement>} */
    this.lines = { E: element("li"), M: element("li") };
    const label = { class: "em-algorithm", "aria-label": "The algorithm" };
    this.node = element("ol", label, this.lines.E, this.lines.M);
  }

  /**
   * The lines of a run's algorithm.
   * @param {{ algorithm: string, answer: unknown }} run
   */
  begin({ algorithm, answer }) {
    const answered = Boolean(answer);
    const [own, others] = ["k", "j"].map((k) => product(k, answered));
    const eStep = (E_STEPS[algorithm] ?? E_STEPS.em)(own, others);
    for (const [name, line] of [
      ["E", eStep],
      ["M", mStep(algorithm, answered)],
    ]) {
      const span = element("span");
      span.innerHTML = `<b>${name}</b> ${line}`;
      this.lines[name].replaceChildren(span);
    }
  }

  /** @param {Phase} phase */
  show(phase) {
    for (const [name, node] of Object.entries(this.lines)) node.classList.toggle("em-lit", name === phase);
  }
}
