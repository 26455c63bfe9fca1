// K-Means and a mixture side by side: the same points, the same first centres, one clock.

import { plain } from "../protocol/plain.js";
import { differing } from "../model/agreement.js";
import { dialRun } from "../model/dial-run.js";
import { momentsOf } from "../model/mixture.js";
import { pictureAt } from "../model/timeline.js";
import { saidOf } from "../words/algorithms.js";
import { nats, quantity } from "../words/format.js";
import { ended, fileNameOf, nameOf } from "../words/naming.js";
import { describeBoth } from "../words/narration.js";
import { chooser, element, fill } from "../draw/dom.js";
import { Dial } from "../controls/dial.js";
import { pointNumber } from "../controls/number-field.js";
import { KMEANS, MIXTURE } from "./models.js";
import { momentOf } from "./moment.js";
import { Half } from "./half.js";
import { Stage } from "./stage.js";

/** @typedef {import("./pane.js").Target} Target */
/** @typedef {import("./pane.js").Pane} Pane */

export class Comparison extends Stage {
  /**
   * @param {HTMLElement} root
   * @param {PlotlyLibrary} Plotly
   * @param {Host} host
   * @param {import("./held-view.js").HeldView} [earlier]
   */
  constructor(root, Plotly, host, earlier) {
    super(root, Plotly, host, [KMEANS, MIXTURE], earlier);
    this.kmeans = this.panes[0];
    this.mixture = this.panes[1];
    /** Python's run of the family; the dial has others. */
    this.family = this.run;
    /** What the two sides were when they were compared last. @type {{ sides: unknown[], apart: number[] } | null} */
    this.compared = null;
    this.apart = element("output", { class: "em-apart", "aria-live": "off" });
    this.revealer = element("button", {
      type: "button",
      click: () => this.setView({ reveal: !this.view.reveal }),
    });
    this.dial = new Dial(Plotly, (position) => this.turnDial(position));
    this.radius = chooser("Circles", [], (radius) => this.setView({ radius }));
    this.number = pointNumber((number) => this.askPoint(number));
    const asking = element(
      "label",
      { class: "em-choice" },
      element("span", {}, "Ask point"),
      this.number.node,
    );
    this.toolbar.add([this.radius, { node: asking }]);
    this.mixture.picture.node.append(this.toolbar.editing);
    const close = () => this.ask(null);
    const halves = () => this.halves;
    /** @type {Half[]} */
    this.halves = [
      new Half(this.kmeans, { name: "K-Means", key: "kmeans", part: "centre" }, close, halves),
      new Half(this.mixture, { name: "", key: "mixture", part: "component" }, close, halves, this.dial.curve),
    ];
    this.halves[0].nameCurve("inertia: squared distances to the centres, summed");
    this.open(
      element("div", { class: "em-row" }, this.announcement.words, this.apart, this.revealer),
      this.dial.node,
      element("div", { class: "em-pair" }, ...this.halves.map(({ node }) => node)),
      this.transport.node,
      this.announcement.stopped,
      this.toolbar.node,
      element(
        "div",
        { class: "em-pair em-algorithms" },
        ...this.halves.map(({ algorithm }) => algorithm.node),
      ),
    );
    root.classList.add("em-comparison");
  }

  get nextAction() {
    if (this.index < this.pictures - 1) {
      const assigned = pictureAt(this.index).phase === "E";
      return assigned ? "Move the centres | M-step" : "Assign the points | E-step";
    }
    const [left, right] = [ended(this.kmeans.run), ended(this.run)];
    return left === right ? right : `${left} | ${right}`;
  }

  taken() {
    super.taken();
    this.number.show("");
    this.family = this.run;
    fill(this.radius.select, this.run.choices.radii);
    if (this.run.dial) this.mixture.take(dialRun(this.family, this.position));
  }

  get position() {
    return Math.min(this.view.dial_at, (this.family.dial?.deviations.length ?? 1) - 1);
  }

  /** @param {boolean} sameData */
  async beginAll(sameData) {
    await super.beginAll(sameData);
    const { dial, family } = this.family;
    this.halves[1].nameCurve(saidOf(this.run).short);
    await this.dial.draw(this.family, this.theme);
    for (const half of this.halves) half.offerToAsk((component) => this.ask({ component }, half.pane));
    this.halves.forEach(({ algorithm, pane }, i) => {
      algorithm.begin(pane.run, this.theme, i ? this.run.algorithm : "kmeans");
      algorithm.unfold(this.held.formula ?? false);
    });
    this.revealer.hidden = !this.run.labels;
    this.root.classList.toggle("em-dialled", Boolean(dial));
    this.halves[1].title.textContent = dial ? "Mixture of equal circles" : `Gaussian mixture, ${family}`;
  }

  async resize() {
    this.dial.resize();
    await super.resize();
  }

  /**
   * The same picture under another variance, at once: every run has come with the message.
   * @param {number} position
   */
  turnDial(position) {
    this.view.dial_at = position;
    this.mixture.swap(dialRun(this.family, position));
    this.goTo(this.index);
  }

  /** Where the dial ends, if there is one. */
  endDial() {
    const { dial } = this.family;
    if (dial) this.turnDial(dial.deviations.length - 1);
  }

  /** The points the two sides put into different components. */
  ringed() {
    const [labels, others] = this.panes.map(({ colouring }) => colouring.strongest());
    if (!labels || !others) return null;
    const { compared } = this;
    if (compared?.sides[0] === labels && compared.sides[1] === others) return compared.apart;
    this.compared = { sides: [labels, others], apart: differing(labels, others) };
    return this.compared.apart;
  }

  /**
   * @param {Phase} phase
   * @param {number} iteration
   */
  announce(phase, iteration) {
    const { run, kmeans, mixture, index } = this;
    const { moving } = this.drag;
    const apart = this.ringed();
    const likelihood = run.states ? run.curve[pictureAt(mixture.index).iteration] : null;
    const inertia = run.states ? kmeans.run.values[kmeans.index] : null;
    this.publish({
      iteration,
      phase,
      logLikelihood: likelihood ?? "",
      inertia: inertia ?? "",
      points: run.n,
      components: run.components,
      states: this.pictures / 2,
      mixtureStates: run.states,
      kmeansStates: kmeans.run.states,
      disagreements: apart ? apart.length : "",
      deviation: this.family.dial ? this.family.dial.deviations[this.position] : "",
    });
    const last = index === this.pictures - 1;
    const rested = this.panes.map((pane) => pane.index < index);
    const words = describeBoth({ run, kmeans: kmeans.run, phase, apart, moving, last, ended: rested });
    this.announcement.say(phase, words, run.stop?.reason ?? "");
    this.halves[0].value.textContent = inertia === null ? "" : quantity(inertia);
    this.halves[1].value.textContent = likelihood === null ? "" : nats(likelihood);
    const [differ, all] = [apart?.length ?? 0, run.n].map((number) => number.toLocaleString("en"));
    this.apart.textContent = apart ? `${differ} of ${all} points differ` : "";
    for (const { algorithm, pane } of this.halves) algorithm.light(pane.index, pane.run);
    if (this.family.dial) this.dial.show(this.position);
    this.revealTruth();
    this.radius.select.value = this.view.radius;
    this.answering.later();
  }

  /**
   * @param {Target} target
   * @param {Pane} [pane]
   */
  ask(target, pane = this.mixture) {
    super.ask(target);
    this.number.show(target?.point === undefined ? "" : target.point + 1);
    const half = this.halves.find((one) => one.pane === pane);
    if (target) half?.answer.node.scrollIntoView({ block: "nearest" });
  }

  answerNow() {
    const asked = this.run.states ? this.asked : null;
    this.root.classList.toggle("em-asking", Boolean(asked));
    for (const { answer } of this.halves) answer.node.hidden = !asked;
    this.number.node.max = String(this.run.n);
    for (const { picture } of this.panes) picture.ring(asked?.point ?? null);
    for (const { algorithm, pane } of this.halves) algorithm.answer(this.momentOf(pane));
    if (!asked) return;
    for (const half of this.halves) this.answerOf(half, asked);
  }

  /**
   * What the formula of a half is told: both speak of the same point.
   * @param {Pane} pane
   */
  momentOf(pane) {
    const clustered = pane === this.kmeans;
    const circles = !clustered && Boolean(this.family.dial);
    const { phase, colours } = pictureAt(pane.index);
    const summed = circles && phase === "M" ? this.withMoments({ run: pane.run, t: colours }) : null;
    const sums = summed && { run: summed.run, held: summed.t };
    return momentOf(pane, this.asked, { clustered, circles, judge: this.family, ...sums });
  }

  /**
   * The answer of one half to what was asked.
   * @param {Half} half
   * @param {NonNullable<Target>} asked
   */
  answerOf({ pane, answer }, { point, component }) {
    const { index } = pane;
    const { phase, colours } = pictureAt(index);
    const { spans, marks } = pane.picture;
    const here = { theme: this.theme, spans, phase, marks, index, t: Math.max(0, colours) };
    if (point !== undefined) {
      const place = { ...here, i: point, x: this.run.x[point], y: this.run.y[point] };
      if (pane === this.kmeans) answer.showDistances({ ...place, clusters: pane.shown() });
      else answer.showPoint({ ...place, mixture: pane.shown() });
    } else if (component !== undefined) {
      const asked = { ...here, k: component, run: pane.run };
      if (pane === this.kmeans) answer.showCluster({ ...asked, run: /** @type {KMeansRun} */ (pane.run) });
      else answer.showComponent(this.family.dial ? this.withMoments(asked) : asked);
    }
  }

  /**
   * A run of the dial brings no sums along.
   * @template {{ run: EMRun, t: number }} H
   * @param {H} here
   */
  withMoments(here) {
    const { run, t } = here;
    return { ...here, t: 0, run: { ...run, ...momentsOf(run.x, run.y, MIXTURE.at(run, 2 * t, this.view)) } };
  }

  /** How well each side agrees with the truth, once people have asked for it. */
  revealTruth() {
    const { reveal } = this.view;
    this.revealer.textContent = reveal ? "Hide the truth" : "Compare with the truth";
    this.revealer.setAttribute("aria-pressed", String(reveal));
    for (const half of this.halves) this.publish(half.tellTruth(reveal));
  }

  /** Both begin again from the centres of the picture that was touched, the mixture with its own shapes. */
  plainMixture() {
    const shown = this.mixture.shown();
    if (!shown) return null;
    const { moving, leader } = this.drag;
    const { means } = (moving && leader ? leader : this.mixture).shown();
    // On the dial the components have no shapes of their own.
    const shapes = this.family.dial ? MIXTURE.at(this.family, 0, this.view) : shown;
    return plain({ ...shapes, means });
  }

  /** @param {string} format */
  async save(format) {
    const { run, index, pictures, halves, family } = this;
    /** @param {string} what */
    const name = (what) => fileNameOf(run.name, what, index, pictures);
    /** @param {string} what */
    const caption = (what) => [run.title, nameOf(index, pictures), what].join(" · ");
    const [inertia, likelihood] = halves.map(({ value }) => value.textContent);
    await this.kmeans.save(format, caption(`K-Means, inertia ${inertia}`), name("k-means"));
    const fitted = name(family.dial ? "dial" : run.family);
    await this.mixture.save(format, caption(`${run.curve_name} ${likelihood}`), fitted);
  }

  destroy() {
    this.dial.destroy();
    super.destroy();
  }
}
