// One half of a comparison: a pane's picture and curve under its name and value, with its answers.

import { agreement } from "../model/agreement.js";
import { percent } from "../words/format.js";
import { element } from "../draw/dom.js";
import { AlgorithmCard } from "../controls/algorithm-card.js";
import { Answer } from "../controls/answer.js";
import { actsOf } from "./moment.js";

export class Half {
  /**
   * @param {import("./pane.js").Pane} pane
   * @param {object} what
   * @param {string} what.name
   * @param {string} what.key of its figures among those that the stage publishes
   * @param {string} what.part what a component is called
   * @param {() => void} close closes the answer
   * @param {() => Half[]} halves of the comparison
   * @param {Node[]} more beneath the curve
   */
  constructor(pane, { name, key, part }, close, halves, ...more) {
    this.pane = pane;
    this.key = key;
    this.part = part;
    this.title = element("strong", {}, name);
    this.value = element("output", { class: "em-value", "aria-live": "off" });
    this.truth = element("p", { class: "em-truth" });
    this.askers = element("span", { class: "em-askers", role: "group", "aria-label": "Ask" });
    this.answer = new Answer({ close });
    this.algorithm = new AlgorithmCard(
      actsOf(pane.stage, () => halves().map(({ algorithm }) => algorithm)),
      `The algorithm of ${name || "the mixture"}`,
    );
    this.objective = element("span");
    this.why = element("span", { class: "em-why" });
    const what = element("span", { class: "em-what" }, this.objective, this.why);
    const { picture, curve } = pane;
    this.node = element(
      "section",
      { class: "em-half" },
      element("header", {}, this.title, this.askers, what, this.value),
      this.truth,
      picture.node,
      this.answer.node,
      curve.node,
      ...more,
    );
  }

  /**
   * What the curve shows, and what that is, behind a colon.
   * @param {string} words
   */
  nameCurve(words) {
    const [objective, why] = words.split(": ");
    this.objective.textContent = objective;
    this.why.textContent = why ? `: ${why}` : "";
  }

  /**
   * A button for every component, to be asked with.
   * @param {(component: number) => void} ask
   */
  offerToAsk(ask) {
    const { run, theme } = this.pane;
    const components = run.states ? run.components : 0;
    const buttons = theme.palette.slice(0, components).map((colour, k) =>
      element(
        "button",
        {
          class: "em-chip",
          type: "button",
          style: `--em-colour:${colour}`,
          "aria-label": `Ask ${this.part} ${k + 1}`,
          click: () => ask(k),
        },
        String(k + 1),
      ),
    );
    this.askers.replaceChildren(...(components ? ["Ask", ...buttons] : []));
  }

  /**
   * Says how well it agrees with the truth, if that is revealed; what it says, as the stage publishes it.
   * @param {boolean} revealed
   */
  tellTruth(revealed) {
    const { run, colouring } = this.pane;
    const labels = revealed && run.labels ? colouring.strongest() : null;
    const found =
      labels && run.labels
        ? agreement(run.labels, run.label_names.length, labels, run.rows, run.label_rest !== "")
        : null;
    this.truth.hidden = !found;
    if (!found) return { [`${this.key}Index`]: "", [`${this.key}Accuracy`]: "" };
    const { index, accuracy } = found;
    const rounded = index.toFixed(3).replace("-", "−");
    this.truth.textContent = `${percent(accuracy)} of the points are in their true group. Adjusted Rand index (1: the true groups, 0: no better than chance): ${rounded}`;
    return { [`${this.key}Index`]: index, [`${this.key}Accuracy`]: accuracy };
  }
}
