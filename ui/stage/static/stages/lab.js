// The lab: one run in one picture, and beside it its likelihood, its parameters and answers to questions.

import { MIXTURE } from "./algorithms.js";
import { coverage } from "../model/mixture.js";
import { fileNameOf, nameOf, nextAction, pictureAt } from "../model/timeline.js";
import { Algorithm, Answer, Components } from "../controls/panels.js";
import { describe, describeGain, levelText, massWithin } from "../words/narration.js";
import { element } from "../draw/dom.js";
import { nats, percent } from "../words/format.js";
import { Stage } from "./stage.js";

const key = () =>
  element(
    "div",
    { class: "em-key", "aria-hidden": "true" },
    ...["log-likelihood", "bound", "gap"].map((name) => element("span", { class: `em-key-${name}` }, name)),
  );

export class Lab extends Stage {
  constructor(root, Plotly, host) {
    super(root, Plotly, host, [MIXTURE]);
  }

  build() {
    [this.side] = this.sides;
    this.picture = this.side.picture;
    this.algorithm = new Algorithm();
    this.components = new Components((component) => this.ask({ component }));
    this.answer = new Answer({
      askPoint: (number) => this.askPoint(number),
      close: () => this.ask(null),
    });
    this.value = element("output", { class: "em-value", "aria-live": "off" });
    this.gain = element("span", { class: "em-gain" });
    this.covered = element("p", { class: "em-note" });
    this.picture.node.append(this.toolbar.editing);
    this.root.replaceChildren(
      element(
        "div",
        { class: "em-main" },
        this.toolbar.node,
        this.words,
        this.picture.node,
        this.transport.node,
      ),
      element(
        "div",
        { class: "em-side" },
        element(
          "section",
          { class: "em-card", "aria-label": "Log-likelihood" },
          element("header", {}, element("strong", {}, "Log-likelihood"), this.value, this.gain),
          this.side.curve.node,
          key(),
        ),
        this.stopped,
        element(
          "section",
          { class: "em-card", "aria-label": "Parameters" },
          this.components.node,
          this.covered,
          this.algorithm.node,
        ),
        this.answer.node,
      ),
    );
  }

  get nextAction() {
    return nextAction(this.index, this.run);
  }

  async beginAll(sameFrame) {
    this.components.rebuild(this.run, this.theme);
    await super.beginAll(sameFrame);
  }

  /** The points whose strongest component the last E-step changed. */
  ringed() {
    return this.player.playing ? null : this.side.colouring.changed();
  }

  announce(phase, iteration, share) {
    const { run, side } = this;
    const mixture = side.shown(share);
    this.publish({
      iteration,
      phase,
      logLikelihood: run.states ? run.log_likelihoods[iteration] : "",
      points: run.n,
      components: run.components,
      states: run.states,
    });
    const changed = side.colouring.changed();
    const words = describe({
      run,
      moving: this.moving,
      index: this.index,
      phase,
      changed: changed && this.picture.countOf(changed),
    });
    this.say(...words, run.stop?.reason ?? "");
    this.value.textContent = run.states ? nats(run.log_likelihoods[iteration]) : "";
    this.gain.textContent = run.states ? describeGain(run, phase, iteration) : "";
    this.algorithm.show(phase);
    if (mixture) this.components.show(iteration, mixture, this.picture.spans, this.picture.ratio);
    this.answerLater();
  }

  answerNow() {
    const { run, asked, theme, picture } = this;
    const { spans, marks } = picture;
    const { phase, colours } = pictureAt(this.index);
    const mixture = this.side.shown();
    const t = Math.max(0, colours);
    this.answer.content.setAttribute("aria-live", this.player.playing ? "off" : "polite");
    if (!mixture || !asked) this.answer.invite(run.n);
    else if (asked.point !== undefined)
      this.answer.showPoint({
        i: asked.point,
        x: run.x[asked.point],
        y: run.y[asked.point],
        mixture,
        theme,
        spans,
        phase,
        marks,
      });
    else this.answer.showComponent({ k: asked.component, t, run, phase, theme, spans });
    picture.ring(asked?.point ?? null);
    this.covered.textContent =
      mixture && this.side.colouring.responsibilities && !this.moving ? this.coverageText(mixture) : "";
  }

  coverageText(mixture) {
    const { marks, aggregated } = this.picture;
    const levels = [...new Set([1, this.view.level])];
    const parts = levels.map((level) => {
      const actual = coverage(
        marks.x,
        marks.y,
        this.side.colouring.responsibilities,
        mixture,
        level,
        marks.sizes,
      );
      return `${levelText(level).split(" · ")[0]} holds ${aggregated ? "about " : ""}${percent(actual)} of the ${aggregated ? "points in view" : "data"} (a Gaussian: ${percent(massWithin(level))})`;
    });
    return `${parts.join("; ")}.`;
  }

  save(format) {
    const { iteration } = pictureAt(this.index);
    const parts = [
      this.run.title,
      this.run.states && nameOf(this.index, this.pictures),
      this.run.states && `log-likelihood ${nats(this.run.log_likelihoods[iteration])}`,
    ];
    return this.picture.save(
      format,
      parts.filter(Boolean).join(" · "),
      fileNameOf(this.run.name, this.run.family, this.index, this.pictures),
    );
  }
}
