// K-Means and a mixture side by side: the same points, the same first centres, one clock.

import { dialRun } from "../protocol/message.js";
import { RADII } from "../model/clusters.js";
import { KMEANS, MIXTURE } from "./algorithms.js";
import { agreement, differing } from "../model/agreement.js";
import { Dial } from "../controls/dial.js";
import { ended, fileNameOf, nameOf, pictureAt } from "../model/timeline.js";
import { describeBoth } from "../words/narration.js";
import { chooser, element } from "../draw/dom.js";
import { nats, percent, quantity } from "../words/format.js";
import { momentsOf } from "../model/mixture.js";
import { Answer } from "../controls/panels.js";
import { Stage } from "./stage.js";

export class Comparison extends Stage {
  constructor(root, Plotly, host) {
    super(root, Plotly, host, [KMEANS, MIXTURE]);
  }

  build() {
    [this.kmeans, this.mixture] = this.sides;
    this.inertia = element("output", { class: "em-value", "aria-live": "off" });
    this.likelihood = element("output", { class: "em-value", "aria-live": "off" });
    this.mixtureTitle = element("strong");
    this.apart = element("output", { class: "em-apart", "aria-live": "off" });
    this.truths = [element("p", { class: "em-truth" }), element("p", { class: "em-truth" })];
    this.revealer = element("button", {
      type: "button",
      click: () => this.setView({ reveal: !this.view.reveal }),
    });
    this.dial = new Dial(this.kmeans.picture.Plotly, (position) => this.turnDial(position));
    this.mixture.picture.node.append(this.toolbar.editing);
    this.answers = this.sides.map(() => new Answer({ close: () => this.ask(null) }));
    this.askers = this.sides.map(() =>
      element("span", { class: "em-askers", role: "group", "aria-label": "Ask" }),
    );
    const half = (title, what, why, value, i, ...more) => {
      const { picture, curve } = this.sides[i];
      const header = element(
        "header",
        {},
        title,
        this.askers[i],
        element(
          "span",
          { class: "em-what" },
          element("span", {}, what),
          element("span", { class: "em-why" }, `: ${why}`),
        ),
        value,
      );
      return element(
        "section",
        { class: "em-half" },
        header,
        this.truths[i],
        picture.node,
        this.answers[i].node,
        curve.node,
        ...more,
      );
    };
    this.root.classList.add("em-comparison");
    this.root.replaceChildren(
      element("div", { class: "em-row" }, this.words, this.apart, this.revealer),
      this.dial.node,
      element(
        "div",
        { class: "em-pair" },
        half(
          element("strong", {}, "K-Means"),
          "inertia",
          "squared distances to the centres, summed",
          this.inertia,
          0,
        ),
        half(
          this.mixtureTitle,
          "log-likelihood",
          "how well it explains the points",
          this.likelihood,
          1,
          this.dial.curve,
        ),
      ),
      this.transport.node,
      this.stopped,
      this.toolbar.node,
    );
  }

  get choosers() {
    this.radius ??= chooser("Circles", Object.entries(RADII), (radius) => this.setView({ radius }));
    this.number ??= element("input", {
      type: "number",
      min: 1,
      step: 1,
      placeholder: "number",
      "aria-label": "Ask point number",
      change: () => this.askPoint(Number(this.number.value)),
    });
    return [
      this.radius,
      { node: element("label", { class: "em-choice" }, element("span", {}, "Ask point"), this.number) },
    ];
  }

  get nextAction() {
    if (this.index >= this.pictures - 1)
      return ended(this.run) === ended(this.kmeans.run)
        ? ended(this.run)
        : `${ended(this.kmeans.run)} | ${ended(this.run)}`;
    return pictureAt(this.index).phase === "E" ? "Move the centres | M-step" : "Assign the points | E-step";
  }

  taken() {
    super.taken();
    this.number.value = "";
    // Python's run of the family; the dial has others.
    this.family = this.run;
    if (this.run.dial) this.mixture.take(dialRun(this.family, this.position));
  }

  get position() {
    return Math.min(this.view.dial_at, this.family.dial.deviations.length - 1);
  }

  async beginAll(sameFrame) {
    await super.beginAll(sameFrame);
    await this.dial.draw(this.family, this.theme);
    ["centre", "component"].forEach((name, i) => this.offerToAsk(i, name));
    this.revealer.hidden = !this.run.labels;
    this.root.classList.toggle("em-dialled", Boolean(this.family.dial));
    this.mixtureTitle.textContent = this.family.dial
      ? "Mixture of equal circles"
      : `Gaussian mixture, ${this.family.family}`;
  }

  /** A button for every component of a side, to be asked with. */
  offerToAsk(i, name) {
    const components = this.run.states ? this.run.components : 0;
    const buttons = this.theme.palette
      .slice(0, components)
      .map((colour, k) =>
        element(
          "button",
          {
            class: "em-chip",
            type: "button",
            style: `--em-colour:${colour}`,
            "aria-label": `Ask ${name} ${k + 1}`,
            click: () => this.ask({ component: k }, this.sides[i]),
          },
          String(k + 1),
        ),
      );
    this.askers[i].replaceChildren(...(components ? ["Ask", ...buttons] : []));
  }

  async resize() {
    this.dial.resize();
    await super.resize();
  }

  /** The same picture under another variance, at once: every run has come with the message. */
  turnDial(position) {
    this.view.dial_at = position;
    this.mixture.swap(dialRun(this.family, position));
    this.goTo(this.index);
  }

  /** The points the two sides put into different components. */
  ringed() {
    const [labels, others] = this.sides.map(({ colouring }) => colouring.strongest());
    if (!labels || !others) return null;
    if (this.compared?.[0] !== labels || this.compared[1] !== others)
      this.compared = [labels, others, differing(labels, others)];
    return this.compared[2];
  }

  announce(phase, iteration) {
    const { run, kmeans, mixture } = this;
    const apart = this.ringed();
    const t = pictureAt(mixture.index).iteration;
    const { values } = kmeans.run;
    this.publish({
      iteration,
      phase,
      logLikelihood: run.states ? run.log_likelihoods[t] : "",
      inertia: run.states ? values[kmeans.index] : "",
      points: run.n,
      components: run.components,
      states: this.pictures / 2,
      mixtureStates: run.states,
      kmeansStates: kmeans.run.states,
      disagreements: apart ? apart.length : "",
      deviation: this.family.dial ? this.family.dial.deviations[this.position] : "",
    });
    const last = this.index === this.pictures - 1;
    const words = describeBoth({
      run,
      kmeans: kmeans.run,
      phase,
      apart,
      moving: this.moving,
      last,
      ended: this.sides.map((side) => side.index < this.index),
    });
    this.say(...words, run.stop?.reason ?? "");
    this.inertia.textContent = run.states ? quantity(values[kmeans.index]) : "";
    this.likelihood.textContent = run.states ? nats(run.log_likelihoods[t]) : "";
    this.apart.textContent = apart
      ? `${apart.length.toLocaleString("en")} of ${run.n.toLocaleString("en")} points differ`
      : "";
    if (this.family.dial) this.dial.show(this.position);
    this.revealTruth();
    this.radius.select.value = this.view.radius;
    this.answerLater();
  }

  ask(target, side = this.mixture) {
    super.ask(target);
    this.number.value = target?.point === undefined ? "" : target.point + 1;
    if (target) this.answers[this.sides.indexOf(side)].node.scrollIntoView({ block: "nearest" });
  }

  answerNow() {
    const asked = this.run.states ? this.asked : null;
    const point = asked?.point ?? null;
    this.root.classList.toggle("em-asking", Boolean(asked));
    for (const { node } of this.answers) node.hidden = !asked;
    this.number.max = this.run.n;
    for (const { picture } of this.sides) picture.ring(point);
    if (!asked) return;
    const { theme, kmeans, mixture } = this;
    this.sides.forEach((side, i) => {
      const { phase, colours } = pictureAt(side.index);
      const { spans, marks } = side.picture;
      const here = { theme, spans, phase, marks, run: side.run, index: side.index, t: Math.max(0, colours) };
      if (point !== null) Object.assign(here, { i: point, x: this.run.x[point], y: this.run.y[point] });
      else here.k = asked.component;
      this.answerOf(i, here);
    });
  }

  /** The answer of one side to what was asked. */
  answerOf(i, here) {
    const [side, answer] = [this.sides[i], this.answers[i]];
    if (side === this.kmeans)
      here.k === undefined
        ? answer.showDistances({ ...here, clusters: side.shown() })
        : answer.showCluster(here);
    else if (here.k === undefined) answer.showPoint({ ...here, mixture: side.shown() });
    else if (!this.family.dial) answer.showComponent(here);
    // The dial's runs bring no sums along.
    else
      answer.showComponent({
        ...here,
        t: 0,
        run: { ...here.run, ...momentsOf(here.run.x, here.run.y, MIXTURE.at(here.run, 2 * here.t)) },
      });
  }

  /** How well each side agrees with the truth, once people have asked for it. */
  revealTruth() {
    const { run, view } = this;
    this.revealer.textContent = view.reveal ? "Hide the truth" : "Compare with the truth";
    this.revealer.setAttribute("aria-pressed", String(view.reveal));
    this.sides.forEach(({ colouring }, i) => {
      const labels = view.reveal && run.labels ? colouring.strongest() : null;
      this.truths[i].hidden = !labels;
      this.publish({
        [i ? "mixtureIndex" : "kmeansIndex"]: "",
        [i ? "mixtureAccuracy" : "kmeansAccuracy"]: "",
      });
      if (!labels) return;
      const { index, accuracy } = agreement(run.labels, run.label_names.length, labels, run.components);
      this.truths[i].textContent =
        `${percent(accuracy)} of the points are in their true group. Adjusted Rand index (1: the true groups, 0: no better than chance): ${index.toFixed(3).replace("-", "−")}`;
      this.publish({
        [i ? "mixtureIndex" : "kmeansIndex"]: index,
        [i ? "mixtureAccuracy" : "kmeansAccuracy"]: accuracy,
      });
    });
  }

  /** Both begin again from the centres of the picture that was touched, the mixture with its own shapes. */
  plainMixture() {
    const shown = this.mixture.shown();
    if (!shown) return null;
    const { means } = (this.moving ? this.leader : this.mixture).shown();
    // On the dial the components have no shapes of their own.
    const shapes = this.family.dial ? MIXTURE.at(this.family, 0) : shown;
    return {
      weights: Array.from(shapes.weights),
      means: Array.from(means),
      covariances: Array.from(shapes.covariances),
    };
  }

  async save(format) {
    const name = (what) => fileNameOf(this.run.name, what, this.index, this.pictures);
    const parts = [this.run.title, nameOf(this.index, this.pictures)];
    await this.kmeans.picture.save(
      format,
      [...parts, `K-Means, inertia ${this.inertia.textContent}`].join(" · "),
      name("k-means"),
    );
    await this.mixture.picture.save(
      format,
      [...parts, `log-likelihood ${this.likelihood.textContent}`].join(" · "),
      name(this.family.dial ? "dial" : this.run.family),
    );
  }

  destroy() {
    this.dial.destroy();
    super.destroy();
  }
}
