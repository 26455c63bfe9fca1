// The lab: one run in one picture, and beside it its likelihood, its parameters and answers to questions.

import { logLikelihoodOf } from "../model/by-hand.js";
import { massWithin } from "../model/levels.js";
import { activeAt, coverage } from "../model/mixture.js";
import { pictureAt } from "../model/timeline.js";
import { saidOf } from "../words/algorithms.js";
import { levelText, nats, percent } from "../words/format.js";
import { fileNameOf, nameOf, nextAction } from "../words/naming.js";
import { describe, describeGain } from "../words/narration.js";
import { element } from "../draw/dom.js";
import { AlgorithmCard } from "../controls/algorithm-card.js";
import { Answer } from "../controls/answer.js";
import { ByHandCard } from "../controls/by-hand-card.js";
import { FitCheck } from "../controls/fit-check.js";
import { ComponentTable } from "../controls/component-table.js";
import { Pairs } from "../controls/pairs.js";
import { MIXTURE } from "./models.js";
import { actsOf, momentOf } from "./moment.js";
import { Stage } from "./stage.js";

export class Lab extends Stage {
  /**
   * @param {HTMLElement} root
   * @param {PlotlyLibrary} Plotly
   * @param {Host} host
   * @param {import("./held-view.js").HeldView} [earlier]
   */
  constructor(root, Plotly, host, earlier) {
    super(root, Plotly, host, [MIXTURE], earlier);
    this.pane = this.panes[0];
    this.algorithm = new AlgorithmCard(actsOf(this, () => [this.algorithm]));
    this.table = new ComponentTable((component) => this.ask({ component }));
    this.answer = new Answer({
      askPoint: (number) => this.askPoint(number),
      close: () => this.ask(null),
    });
    this.byHand = new ByHandCard(this.pane);
    this.pairs = new Pairs(this.pane, (pair) => this.showPair(pair));
    this.fitCheck = new FitCheck(() => this.answerNow());
    this.value = element("output", { class: "em-value", "aria-live": "off" });
    this.gain = element("span", { class: "em-gain" });
    this.covered = element("p", { class: "em-note em-coverage" });
    this.objective = element("strong");
    this.key = element("div", { class: "em-key", "aria-hidden": "true" });
    const { curve, picture } = this.pane;
    const header = element("header", {}, this.objective, this.value, this.gain);
    this.curveCard = card("", header, curve.node, this.key);
    this.curveCard.classList.add("em-curve-card");
    const parameters = card("Parameters", this.table.node, this.covered);
    parameters.classList.add("em-parameters-card");
    picture.node.append(this.toolbar.editing);
    this.open(
      element(
        "div",
        { class: "em-main" },
        this.toolbar.node,
        this.announcement.words,
        picture.node,
        this.transport.node,
      ),
      element(
        "div",
        { class: "em-side" },
        this.byHand.node,
        this.curveCard,
        this.announcement.stopped,
        this.pairs.node,
        parameters,
        this.algorithm.node,
        this.answer.node,
        this.fitCheck.node,
      ),
    );
  }

  get shapes() {
    return true;
  }

  get nextAction() {
    return nextAction(this.index, this.run);
  }

  /** @param {boolean} sameData */
  async beginAll(sameData) {
    this.table.build(this.run, this.theme);
    this.algorithm.begin(this.run, this.theme, this.run.algorithm);
    this.algorithm.unfold(this.held.formula ?? !this.root.matches(".em-narrow"));
    this.byHand.begin(this.run, this.theme);
    await super.beginAll(sameData);
    this.nameCurve();
    this.pairs.begin();
  }

  /** What the curve shows, and what its lines are. */
  nameCurve() {
    const { run } = this;
    const { curve } = saidOf(run);
    this.objective.textContent = curve;
    this.curveCard.setAttribute("aria-label", curve);
    const data = this.pane.curve.figure?.data ?? [];
    const classes = ["curve", ...data.slice(1).map(({ name }) => name)];
    this.key.replaceChildren(
      ...data.map(({ name }, i) => element("span", { class: `em-key-${classes[i]}` }, name)),
    );
  }

  /** The points whose strongest component the last E-step changed. */
  ringed() {
    return this.player.playing ? null : this.pane.colouring.changed();
  }

  /**
   * @param {Phase} phase
   * @param {number} iteration
   * @param {number} share
   */
  announce(phase, iteration, share) {
    const { run, pane, index } = this;
    const { moving } = this.drag;
    const { picture, colouring } = pane;
    const mixture = pane.shown(share);
    this.publish({
      iteration,
      phase,
      algorithm: run.algorithm,
      logLikelihood: run.states ? (run.log_likelihoods ?? run.curve)[iteration] : "",
      objective: run.states ? run.curve[iteration] : "",
      active: run.states ? activeAt(run, iteration) : "",
      noise: run.noise ? run.noise[iteration] : "",
      yes: run.answer ? run.answer[0] : "",
      temperature: run.temperatures ? run.temperatures[iteration] : "",
      points: run.n,
      dimensions: run.dimensions,
      components: run.components,
      states: run.states,
    });
    const ringed = colouring.changed();
    const changed = ringed && picture.points.countOf(ringed);
    this.announcement.say(
      phase,
      describe({ run, moving, index, phase, changed, shaping: this.tool === "shape", pies: this.pies }),
      run.stop?.reason ?? "",
    );
    this.sayValue(phase, iteration);
    this.algorithm.light(index, run);
    this.byHand.show();
    if (mixture) this.table.show(iteration, mixture, picture.spans, picture.ratio);
    this.answering.later();
  }

  /**
   * What the curve's value is here, and how it came to it.
   * @param {Phase} phase
   * @param {number} iteration
   */
  sayValue(phase, iteration) {
    const { run, pane } = this;
    if (pane.override) {
      const known = run.curve_name === "log-likelihood" && !pane.picture.aggregated;
      this.value.textContent = known ? nats(logLikelihoodOf(pane.marks, pane.override)) : "";
      this.gain.textContent = "As your hand has it now. The curve is that of the run before.";
    } else {
      this.value.textContent = run.states ? nats(run.curve[iteration]) : "";
      this.gain.textContent = run.states ? describeGain(run, phase, iteration) : "";
    }
  }

  /**
   * @param {import("./pane.js").Target} target
   * @param {import("./pane.js").Pane} [pane]
   */
  ask(target, pane) {
    if (target?.component !== undefined) this.pane.grip.hold(target.component);
    super.ask(target, pane);
    if (this.tool === "shape") this.paint();
  }

  answerNow() {
    const { run, asked, theme, pane } = this;
    const { spans, marks } = pane.picture;
    const { phase, colours } = pictureAt(this.index);
    const mixture = pane.shown();
    const here = { theme, spans, phase, marks, run, mixture, t: Math.max(0, colours) };
    this.answer.content.setAttribute("aria-live", this.player.playing ? "off" : "polite");
    const { point, component } = asked ?? {};
    if (mixture && point !== undefined) {
      const answer = toldBy(run, point);
      const numbers = pane.numbersOf(point);
      const whole = numbers && run.whole && { numbers, ...columnsOf(run.whole) };
      this.answer.showPoint({ ...here, i: point, x: run.x[point], y: run.y[point], answer, whole });
    } else if (mixture && component !== undefined) this.answer.showComponent({ ...here, k: component });
    else this.answer.invite(run.n);
    this.algorithm.answer(momentOf(pane, asked));
    pane.picture.ring(point ?? null);
    this.pairs.paint();
    this.publish({ fit: this.fitCheck.show(run, mixture, this.index > 0) });
    const { responsibilities } = pane.colouring;
    const covered = mixture && responsibilities && !this.drag.moving;
    this.covered.textContent = covered ? this.coverageText(mixture, responsibilities) : "";
  }

  /**
   * @param {Mixture} mixture
   * @param {Float64Array} responsibilities
   */
  coverageText(mixture, responsibilities) {
    const { marks, aggregated } = this.pane.picture;
    const [about, what] = aggregated ? ["about ", "points in view"] : ["", "data"];
    const levels = [...new Set([1, this.view.level])];
    const parts = levels.map((level) => {
      const actual = coverage(marks.x, marks.y, responsibilities, mixture, level, marks.sizes);
      const sigma = levelText(level, this.run.dimensions).split(" · ")[0];
      return `${sigma} holds ${about}${percent(actual)} of the ${what} (a Gaussian: ${percent(massWithin(level, this.run.dimensions))})`;
    });
    return `${parts.join("; ")}.`;
  }

  destroy() {
    this.pairs.destroy();
    super.destroy();
  }

  /** @param {string} format */
  save(format) {
    const { run, index, pictures } = this;
    const { iteration } = pictureAt(index);
    const place = run.states
      ? [nameOf(index, pictures), `${run.curve_name} ${nats(run.curve[iteration])}`]
      : [];
    const caption = [run.title, ...place].filter(Boolean).join(" · ");
    return this.pane.save(format, caption, fileNameOf(run.name, run.family, index, pictures));
  }
}

/**
 * What a point says in the yes/no column; null without one.
 * @param {Run} run
 * @param {number} point
 */
const toldBy = ({ answer, binary }, point) =>
  answer && binary ? { value: binary[point], name: answer[1 + binary[point]] } : null;

/**
 * What the columns are called, and how far they reach.
 * @param {Whole} whole
 */
const columnsOf = ({ columns, extent }) => ({
  columns,
  spans: columns.map((_, axis) => extent[2 * axis + 1] - extent[2 * axis]),
});

/**
 * @param {string} name
 * @param {Node[]} parts
 */
const card = (name, ...parts) => element("section", { class: "em-card", "aria-label": name }, ...parts);
