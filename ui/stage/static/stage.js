// The stage: one run, one picture of it, and everything that may be done to it. It knows points, states
// and options; where it lives is the host's business.

import { readRun, mixtureAt } from "./codec.js";
import { countPictures, pictureAt } from "./timeline.js";
import { between, coverage, evaluate } from "./mixture.js";
import { Colouring } from "./colouring.js";
import { Likelihood } from "./likelihood.js";
import { Player } from "./player.js";
import { Picture } from "./picture.js";
import { Toolbar, Transport } from "./controls.js";
import { Algorithm, Answer, Components } from "./panels.js";
import { Outbox } from "./outbox.js";
import { describe, levelText, massWithin, nearestLevel } from "./words.js";
import { readTheme } from "./theme.js";
import { element } from "./dom.js";
import { press } from "./keys.js";
import { nats, percent } from "./format.js";

/** CSS pixels. */
const NARROW = 780;

export class Stage {
  /** `host` has send(events), which reaches Python, and remember(parameters), which keeps the address. */
  constructor(root, Plotly, host) {
    Object.assign(this, { root, Plotly, host, index: 0, override: null, asked: null, tool: "look" });
    this.outbox = new Outbox(host);
    this.player = new Player({
      advance: () => this.advance(),
      again: () => this.index > 0 && (this.goTo(0), this.advance()),
      move: (share) => this.paint(share),
      changed: () => this.showControls(),
    });
    this.build();
  }

  build() {
    this.colouring = new Colouring(this);
    this.picture = new Picture(this.Plotly, this);
    this.likelihood = new Likelihood(this.Plotly, (index) => this.goTo(index));
    this.transport = new Transport(this);
    this.toolbar = new Toolbar(this);
    this.algorithm = new Algorithm();
    this.components = new Components((component) => this.ask({ component }));
    this.answer = new Answer({
      askPoint: (point) => this.ask(Number.isInteger(point) && point >= 0 && point < this.run.n ? { point } : null),
      close: () => this.ask(null),
    });
    this.title = element("strong");
    this.sentence = element("span");
    this.stopped = element("p", { class: "em-stopped", role: "status" });
    this.words = element("p", { class: "em-words", "aria-live": "polite" }, this.title, " ", this.sentence);
    this.value = element("output", { class: "em-value" });
    this.gain = element("span", { class: "em-gain" });
    this.covered = element("p", { class: "em-note" });
    this.picture.node.append(this.toolbar.editing);
    this.root.className = "em-stage";
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "region");
    this.root.setAttribute("aria-label", "EM, step by step: right and left arrow keys step, space plays");
    this.root.replaceChildren(
      element("div", { class: "em-main" }, this.toolbar.node, this.words, this.picture.node, this.transport.node),
      element(
        "div",
        { class: "em-side" },
        element("section", { class: "em-card", "aria-label": "Log-likelihood" }, element("header", {}, element("strong", {}, "Log-likelihood"), this.value, this.gain), this.likelihood.node),
        this.stopped,
        element("section", { class: "em-card", "aria-label": "Parameters" }, this.components.node, this.covered, this.algorithm.node),
        this.answer.node,
      ),
    );
    this.root.addEventListener("keydown", (event) => press(event, this));
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.picture.node);
    this.observer.observe(this.root);
    this.fold();
  }

  /** A message from Python: a new run begins at its own picture, the same run goes on as it was. */
  async receive(bytes) {
    const run = readRun(bytes);
    this.outbox.acknowledge(run.acknowledged);
    this.readTheme(run.palette);
    if (run.id === this.run?.id) {
      const again = run.beginning !== this.run.beginning;
      Object.assign(this.run, { address: run.address, beginning: run.beginning });
      if (again) this.goTo(run.at);
      return this.retheme();
    }
    const sameFrame = run.frame_id === this.run?.frame_id;
    this.player.pause();
    this.run = run;
    this.override = null;
    this.asked = null;
    this.colouring.clear();
    this.view = { ...(this.view ?? { ...run.view, level: nearestLevel(run.view.level) }) };
    this.forgetImpossible();
    this.index = Math.min(run.at, countPictures(run.states) - 1);
    this.toolbar.offer(run);
    this.components.rebuild(run, this.theme);
    await this.picture.begin(run, this.theme, this.scale, sameFrame);
    await this.drawLikelihood();
    this.paint();
    this.outbox.remember(this.address());
  }

  readTheme(palette) {
    this.theme = readTheme(this.root, palette);
    this.root.style.colorScheme = this.theme.dark ? "dark" : "light";
  }

  forgetImpossible() {
    const { run, view } = this;
    if (view.colour === "component" && run.states && view.one >= run.components) Object.assign(view, { colour: "blended", one: 0 });
    if (view.colour === "truth" && !run.labels) view.colour = "blended";
  }

  drawLikelihood() {
    this.likelihood.node.hidden = !this.run.states;
    return this.run.states ? this.likelihood.draw(this.run, this.theme) : null;
  }

  /** Equal scale unless the columns' ranges are so unlike that one of them would be a line. */
  get scale() {
    return this.view.scale === "auto" ? this.run.scale : this.view.scale;
  }

  async retheme() {
    this.readTheme(this.run.palette);
    this.components.rebuild(this.run, this.theme);
    this.colouring.clear();
    await this.picture.begin(this.run, this.theme, this.scale, true);
    await this.drawLikelihood();
    this.paint();
  }

  /** One column where two would leave the picture the lesser part. */
  fold() {
    const { width } = this.root.getBoundingClientRect();
    this.root.classList.toggle("em-narrow", width < NARROW);
  }

  async resize() {
    this.fold();
    if (!this.run || this.gone) return;
    await this.picture.resize();
    this.likelihood.resize();
    this.paint();
  }

  // Going about

  goTo(index) {
    const wanted = Math.max(0, Math.min(index, countPictures(this.run.states) - 1));
    if (this.player.playing) this.player.pause();
    this.override = null;
    this.index = wanted;
    this.paint();
    this.outbox.remember(this.address());
  }

  /** Scrubbing asks for more pictures than can be drawn: only the newest of a frame is. */
  scrubTo(index) {
    if (this.wanted === undefined) {
      requestAnimationFrame(() => {
        const newest = this.wanted;
        this.wanted = undefined;
        this.goTo(newest);
      });
    }
    this.wanted = index;
  }

  advance() {
    if (this.override || this.index >= countPictures(this.run.states) - 1) return false;
    this.index += 1;
    this.outbox.remember(this.address());
    return true;
  }

  setSpeed(speed) {
    this.player.speed = speed;
    this.transport.show();
  }

  async setView(change) {
    const scale = this.scale;
    Object.assign(this.view, change);
    if (this.scale !== scale) await this.picture.begin(this.run, this.theme, this.scale, false);
    this.picture.forget();
    this.colouring.clear();
    this.paint();
    this.outbox.remember(this.address());
  }

  setTool(tool) {
    this.tool = tool;
    this.picture.setTool(tool);
    this.toolbar.show();
  }

  // What is seen

  /** The mixture of the ellipses on the picture, `share` of the way from the one before. */
  mixtureShown(share = 1) {
    if (this.override) return this.override;
    if (!this.run.states) return null;
    const { phase, iteration } = pictureAt(this.index);
    const mixture = mixtureAt(this.run, iteration);
    return phase === "M" && share < 1 ? between(mixtureAt(this.run, iteration - 1), mixture, share) : mixture;
  }

  /** Draws the picture as it is, or `share` of the way to it, and then what is said of it. */
  paint(share = 1) {
    if (!this.run) return;
    const { phase, iteration } = pictureAt(this.index);
    const mixture = this.mixtureShown(share);
    this.picture.draw({
      mixture,
      bytes: this.colouring.bytes(share),
      changed: this.player.playing ? null : this.colouring.changed(),
      previous: phase === "M" && !this.override ? mixtureAt(this.run, iteration - 1) : null,
      t: iteration,
    });
    if (share === 1 || this.announced !== this.index) this.announce(phase, iteration, mixture);
  }

  announce(phase, iteration, mixture) {
    const { run } = this;
    this.announced = this.index;
    const gain = phase === "start" || !iteration ? 0 : run.log_likelihoods?.[iteration] - run.log_likelihoods?.[iteration - 1];
    Object.assign(this.root.dataset, {
      iteration,
      phase,
      logLikelihood: run.states ? run.log_likelihoods[iteration] : "",
      points: run.n,
      components: run.components,
      states: run.states,
    });
    const changed = this.colouring.changed();
    const [title, sentence, stopped] = describe({ run, moving: this.override !== null, index: this.index, phase, changed: changed && this.picture.countOf(changed) });
    this.root.classList.toggle("em-playing", this.player.playing);
    this.title.textContent = title;
    this.title.dataset.phase = phase;
    this.sentence.textContent = sentence;
    this.stopped.textContent = stopped;
    this.stopped.hidden = !stopped;
    this.stopped.dataset.reason = run.stop?.reason ?? "";
    this.value.textContent = run.states ? nats(run.log_likelihoods[iteration]) : "";
    this.gain.textContent = phase === "M" ? `${gain < 0 ? "" : "+"}${nats(gain)} by this M-step, the bound ${nats(run.log_likelihoods[iteration] - run.bounds[iteration])} below` : phase === "E" ? "the dotted bound touches it" : "";
    this.algorithm.show(phase);
    this.likelihood.mark(this.index);
    if (mixture) this.components.show(iteration, mixture, this.picture.spans);
    this.showControls();
    this.answerLater(phase, iteration, mixture);
  }

  /** What can wait until the picture is on the screen: a frame comes first. */
  answerLater(phase, iteration, mixture) {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    this.frame = requestAnimationFrame(() => {
      this.later = setTimeout(() => this.answerNow(phase, iteration, mixture), this.player.playing ? 120 : 0);
    });
  }

  showControls() {
    this.transport.show();
    this.toolbar.show();
  }

  answerNow(phase, iteration, mixture) {
    const { run, asked, theme, picture } = this;
    const { spans, marks } = picture;
    const t = Math.max(0, pictureAt(this.index).colours);
    if (!mixture || !asked) this.answer.invite(run.n);
    else if (asked.point !== undefined) this.answer.showPoint({ i: asked.point, x: run.x[asked.point], y: run.y[asked.point], mixture, theme, spans, phase, marks });
    else this.answer.showComponent({ k: asked.component, t, run, phase, theme, spans });
    picture.ring(asked?.point ?? null);
    this.covered.textContent = mixture && this.colouring.responsibilities && !this.override ? this.coverageText(mixture) : "";
  }

  coverageText(mixture) {
    const { marks, aggregated } = this.picture;
    const levels = [...new Set([1, this.view.level])];
    const parts = levels.map((level) => {
      const actual = coverage(marks.x, marks.y, this.colouring.responsibilities, mixture, level, marks.sizes);
      return `${levelText(level).split(" · ")[0]} holds ${aggregated ? "about " : ""}${percent(actual)} of the ${aggregated ? "points in view" : "data"} (a Gaussian: ${percent(massWithin(level))})`;
    });
    return `${parts.join("; ")}.`;
  }

  // What the hand does

  hover(point) {
    const mixture = this.mixtureShown();
    const shares = point !== null && mixture ? evaluate([this.run.x[point]], [this.run.y[point]], mixture).responsibilities : null;
    this.picture.tip(point, shares);
  }

  ask(target) {
    this.asked = target;
    const { phase, iteration } = pictureAt(this.index);
    this.answerNow(phase, iteration, this.mixtureShown());
  }

  meanOf(k) {
    return this.mixtureShown().means.subarray(2 * k, 2 * k + 2);
  }

  dragMean(k, x, y) {
    if (!this.run.states || !Number.isFinite(x + y)) return;
    this.player.pause();
    if (!this.override) this.override = between(this.mixtureShown(), this.mixtureShown(), 0);
    // Within the view: a mean let go outside could not be found again.
    const { x0, x1, y0, y1 } = this.picture.frame;
    this.override.means.set([Math.min(x1, Math.max(x0, x)), Math.min(y1, Math.max(y0, y))], 2 * k);
    this.paint();
  }

  dropMean() {
    if (!this.override) return;
    this.outbox.send({ type: "move_mean", mixture: this.plainMixture() });
  }

  cancelDrag() {
    this.override = null;
    this.paint();
  }

  plainMixture() {
    const mixture = this.mixtureShown();
    return mixture && Object.fromEntries(Object.entries(mixture).map(([name, values]) => [name, Array.from(values)]));
  }

  /** Where EM should go on from after the points change: from here, once it has begun. */
  get goingOn() {
    return this.index > 0 ? this.plainMixture() : null;
  }

  addLocally(points) {
    // As fine as can be seen, so that the address stays short.
    const units = this.picture.spans.map((span) => 10 ** (3 - Math.floor(Math.log10(span))));
    this.picture.addFresh(points.map((point) => point.map((value, axis) => Math.round(value * units[axis]) / units[axis])));
    this.paint();
  }

  sendAdded() {
    this.picture.sendFresh((points) => this.outbox.send({ type: "add_points", points, mixture: this.goingOn }));
  }

  removePoint(point) {
    if (point === null) return;
    // By its place: by the time Python reads this, another point may have its number.
    this.outbox.send({ type: "remove_point", place: [this.run.x[point], this.run.y[point]], mixture: this.goingOn });
    this.picture.hide(point);
    this.paint();
  }

  clearPoints() {
    this.outbox.send({ type: "clear_points" });
  }

  fit() {
    this.picture.fit();
  }

  save(format) {
    const { phase, iteration } = pictureAt(this.index);
    const parts = [this.run.title, this.run.states && `iteration ${iteration} (${phase})`, this.run.states && `log-likelihood ${nats(this.run.log_likelihoods[iteration])}`];
    return this.picture.save(format, parts.filter(Boolean).join(" · "), `gmm-lab-${phase}-${iteration}`);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  /** The parameters that belong in the address: Python's, and those only the stage knows. */
  address() {
    const { view, run } = this;
    const own = { at: this.index, colour: view.colour, one: view.one, behind: view.behind, level: Number(view.level.toFixed(2)), scale: view.scale, trails: view.trails ? "on" : "off" };
    const changed = Object.entries(own).filter(([name, value]) => String(value) !== String(run.view_defaults[name]));
    return { ...run.address, ...Object.fromEntries(changed) };
  }

  destroy() {
    this.gone = true;
    this.player.pause();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    this.outbox.close();
    this.picture.destroy();
    this.Plotly.purge(this.likelihood.plot);
  }
}
