// A stage: a clock over the pictures of one run or of two side by side, and everything that may be done to
// them. It knows points, states and options; where it lives is the host's business.

import { readRuns } from "../protocol/message.js";
import { countPictures, pictureAt } from "../model/timeline.js";
import { Player } from "./player.js";
import { Side } from "./pane.js";
import { Toolbar, Transport } from "../controls/controls.js";
import { Outbox } from "../protocol/outbox.js";
import { nearestLevel } from "../words/narration.js";
import { readTheme } from "../draw/theme.js";
import { element } from "../draw/dom.js";
import { Presentation } from "../controls/presentation.js";
import { listen } from "../controls/keys.js";
import { Pace } from "./pace.js";

/** Milliseconds of rest after which Python is told what is seen. */
const REST = 500;

/** CSS pixels. */
const NARROW = 780;
const PHONE = 560;

export class Stage {
  /** `host` has send(events), which reaches Python, remember(parameters), which keeps the address, and
   * copy(parameters), which copies it; where no Python is to be reached there is no send, and nothing can be
   * changed but the view. `models` has one model for each side, the mixture's last. */
  constructor(root, Plotly, host, models) {
    Object.assign(this, {
      root,
      host,
      readOnly: !host.send,
      index: 0,
      tool: "look",
      fresh: [],
      leftAt: new Map(),
    });
    this.outbox = new Outbox(host);
    this.player = new Player({
      advance: () => this.advance(),
      again: () => this.index > 0 && (this.goTo(0), this.advance()),
      move: (share) => this.paint(share),
      changed: () => this.showControls(),
    });
    this.sides = models.map((model) => new Side(Plotly, this, model));
    this.transport = new Transport(this);
    this.presentation = new Presentation(this);
    this.toolbar = new Toolbar(this);
    this.title = element("strong");
    this.sentence = element("span");
    this.reason = element("p");
    this.cures = element("div", { class: "em-cures", role: "group", "aria-label": "What can be done" });
    this.stopped = element("div", { class: "em-stopped" }, this.reason, this.cures);
    this.words = element("p", { class: "em-words" }, this.title, " ", this.sentence);
    this.spoken = element("p", { class: "em-unseen", "aria-live": "polite" });
    this.speaking = new Pace(1000);
    root.className = "em-stage";
    root.tabIndex = 0;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "EM, step by step: right and left arrow keys step, space plays");
    this.build();
    root.prepend(this.presentation.node);
    this.deafen = listen(this);
    root.append(this.spoken);
    this.observer = new ResizeObserver(() => this.resize());
    for (const { picture } of this.sides) this.observer.observe(picture.node);
    this.observer.observe(root);
    this.fold();
  }

  /** The mixture's run. */
  get run() {
    return this.sides.at(-1).run;
  }

  /** How many pictures there are until every run has ended. */
  get pictures() {
    return Math.max(...this.sides.map(({ run }) => countPictures(run.states)));
  }

  /** A message from Python: a new run begins at its own picture, the same run goes on as it was. */
  async receive(bytes) {
    const runs = readRuns(bytes);
    // Without a run there is nothing beside it, and every side shows the points alone.
    while (runs.length < this.sides.length) runs.unshift(runs[0]);
    const run = runs.at(-1);
    this.outbox.acknowledge(run.acknowledged);
    this.readTheme(run);
    // The truth of other data is another secret.
    if (this.run && run.frame_id !== this.run.frame_id) this.view.reveal = false;
    this.takeView(run.view);
    this.listens = run.listens && !this.readOnly;
    if (run.id === this.run?.id) {
      // A server that has started anew counts from nought, and nobody asked to begin again.
      const again = run.beginning > this.run.beginning;
      const { address, beginning, notice, file, controls, resumes } = run;
      Object.assign(this.run, { address, beginning, notice, file, controls });
      this.presentation.show();
      if (again && !resumes) this.goTo(run.at);
      this.saySeen();
      return this.retheme();
    }
    this.readOnly = !this.host.send || run.locked;
    const before = this.run;
    const sameFrame = run.frame_id === before?.frame_id;
    const place = run.beginning === before?.beginning ? this.place() : null;
    this.player.pause();
    this.sides.forEach((side, i) => side.take(runs[i]));
    // Points on their way to Python stay on the picture until a run has them.
    this.fresh = this.fresh.filter(({ number }) => number === undefined || number > run.acknowledged);
    this.forgetImpossible();
    this.presentation.show();
    // Its letters may be larger than those the theme was read with.
    this.readTheme(run);
    this.taken();
    this.kept = run.states ? undefined : place;
    if (before) this.leftAt.set(before.id, this.index);
    const wanted = place
      ? place.atEnd
        ? Infinity
        : place.index
      : run.resumes
        ? (this.leftAt.get(run.id) ?? run.at)
        : run.at;
    this.index = Math.min(wanted, this.pictures - 1);
    this.toolbar.offer(run);
    this.offerCures();
    await this.beginAll(sameFrame);
    this.paint();
    if (place?.playing && this.index < this.pictures - 1) this.player.play();
    this.remember();
  }

  /** Where people are, to be kept under another run; nothing to fit is no place to be, so the last one stays. */
  place() {
    if (!this.run.states) return this.kept;
    return {
      index: this.index,
      atEnd: this.index > 0 && this.index === this.pictures - 1,
      playing: this.player.playing,
    };
  }

  /** What Python says anew of the view, as when a session is opened; all else stays as people have it. */
  takeView(given) {
    const before = this.given ?? this.host.given ?? {};
    const changed = Object.entries(given).filter(([name, value]) => value !== before[name]);
    this.view = { ...(this.view ?? this.host.view), ...Object.fromEntries(changed) };
    this.view.level = nearestLevel(this.view.level);
    this.given = given;
  }

  /** What a kind of stage does with a run that has just come. */
  taken() {
    this.asked = null;
  }

  async beginAll(sameFrame) {
    await Promise.all(this.sides.map((side) => side.begin(sameFrame)));
  }

  readTheme({ palette, glyphs }) {
    this.theme = { ...readTheme(this.root, palette), glyphs };
    this.root.style.colorScheme = this.theme.dark ? "dark" : "light";
  }

  forgetImpossible() {
    const { run, view } = this;
    if (view.colour === "component" && run.states && view.one >= run.components)
      Object.assign(view, { colour: "blended", one: 0 });
    if (view.colour === "truth" && !run.labels) view.colour = "blended";
  }

  /** Equal scale unless the columns' ranges are so unlike that one of them would be a line. */
  get scale() {
    return this.view.scale === "auto" ? this.run.scale : this.view.scale;
  }

  /** Whether points carry the sign of their component, or of their class where its colour is seen. */
  get glyphed() {
    const { run, view } = this;
    const kinds = view.colour === "truth" ? run.label_names.length : run.components;
    return view.glyphs === "on" || (view.glyphs === "auto" && kinds >= run.glyphs_from);
  }

  /** On where they are off, and the other way; what is usual here is no choice, and follows the components. */
  toggleGlyphs() {
    const wanted = !this.glyphed;
    this.view.glyphs = "auto";
    this.setView({ glyphs: this.glyphed === wanted ? "auto" : wanted ? "on" : "off" });
  }

  async retheme() {
    this.readTheme(this.run);
    for (const { colouring } of this.sides) colouring.clear();
    await this.beginAll(true);
    this.paint();
  }

  /** One column where two would leave the picture the lesser part. */
  fold() {
    const { width } = this.root.getBoundingClientRect();
    this.root.classList.toggle("em-narrow", width < NARROW);
    this.root.classList.toggle("em-phone", width < PHONE);
  }

  async resize() {
    this.fold();
    if (!this.run || this.gone) return;
    await Promise.all(this.sides.map((side) => side.resize()));
    this.paint();
  }

  // Going about

  goTo(index) {
    const wanted = Math.max(0, Math.min(index, this.pictures - 1));
    if (this.player.playing) this.player.pause();
    for (const side of this.sides) side.override = null;
    this.index = wanted;
    this.paint();
    this.remember();
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
    if (this.moving || this.index >= this.pictures - 1) return false;
    this.index += 1;
    this.remember();
    return true;
  }

  setSpeed(speed) {
    this.player.speed = speed;
    this.transport.show();
  }

  async setView(change) {
    const { scale } = this;
    const { colour } = this.view;
    Object.assign(this.view, change);
    if (this.scale !== scale) await this.beginAll(false);
    // The names of the labels come above the picture, or go.
    else if ((colour === "truth") !== (this.view.colour === "truth")) await this.beginAll(true);
    for (const { picture, colouring } of this.sides) {
      picture.forget();
      colouring.clear();
    }
    this.paint();
    this.remember();
  }

  setTool(tool) {
    this.tool = tool;
    for (const { picture } of this.sides) {
      picture.setTool(tool);
      // What was drawn has room again.
      if (tool === "look" && !picture.touched) picture.fit();
    }
    this.toolbar.show();
  }

  zoom(factor) {
    for (const { picture } of this.sides) picture.zoom(factor);
  }

  fit() {
    for (const { picture } of this.sides) picture.fit();
  }

  /** The other pictures follow the view of `leader`, each at its own pace. */
  link(leader) {
    const { x0, x1, y0, y1 } = leader.picture.frame;
    for (const side of this.sides) if (side !== leader) side.picture.followView([x0, x1, y0, y1]);
  }

  // What is seen

  /** Whether a mean is being dragged. */
  get moving() {
    return this.sides.some(({ override }) => override);
  }

  /** Draws the pictures as they are, or `share` of the way to them, and then what is said of them. */
  paint(share = 1) {
    if (!this.run || this.gone) return;
    for (const side of this.sides) side.draw(share, this.ringed(side));
    if (share === 1 || this.announced !== this.index) {
      this.announced = this.index;
      const { phase, iteration } = pictureAt(this.index);
      this.announce(phase, iteration, share);
      this.showControls();
    }
  }

  /** What people's tests, screen readers and scripts can follow. */
  publish(data) {
    Object.assign(this.root.dataset, data);
    this.root.classList.toggle("em-playing", this.player.playing);
    this.root.classList.toggle("em-glyphed", this.glyphed);
  }

  say(title, sentence, stopped, reason) {
    this.title.textContent = title;
    this.title.dataset.phase = pictureAt(this.index).phase;
    this.sentence.textContent = sentence;
    this.reason.textContent = stopped;
    this.stopped.hidden = !stopped;
    this.stopped.dataset.reason = reason;
    // Who only listens would hear every half-step cut off by the next at a high speed.
    this.speaking.ask(() => (this.spoken.textContent = `${title}: ${sentence} ${stopped}`));
  }

  /** Ways out of how the run ended, one click each. */
  offerCures() {
    const cures = this.readOnly ? [] : (this.run.stop?.cures ?? []);
    this.cures.replaceChildren(
      ...cures.map(([name, title]) =>
        element(
          "button",
          { type: "button", "data-cure": name, click: () => this.tell({ type: "cure", name }) },
          title,
        ),
      ),
    );
  }

  showControls() {
    this.transport.show();
    this.toolbar.show();
  }

  /** What can wait until the picture is on the screen: a frame comes first. */
  answerLater() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    this.frame = requestAnimationFrame(() => {
      this.later = setTimeout(() => this.answerNow(), this.player.playing ? 120 : 0);
    });
  }

  // What the hand does

  /** Sends an event to Python; returns its number. */
  tell(event) {
    return this.outbox.send(event);
  }

  /** Answers what a point or a component is made of; null closes the answer. */
  ask(target) {
    this.asked = target;
    this.answerNow();
  }

  /** `number` counts from 1, as people do; what is no point's number closes the answer. */
  askPoint(number) {
    this.ask(Number.isInteger(number) && number >= 1 && number <= this.run.n ? { point: number - 1 } : null);
  }

  dragMean(from, k, x, y) {
    this.player.pause();
    for (const side of this.sides) side.displace(k, x, y);
    this.leader = from;
    this.paint();
  }

  dropMean() {
    if (this.moving) this.tell({ type: "move_mean", mixture: this.plainMixture() });
  }

  cancelDrag() {
    for (const side of this.sides) side.override = null;
    this.paint();
  }

  /** The mixture to begin again from, as Python reads it. */
  plainMixture() {
    const mixture = this.sides.at(-1).shown();
    return (
      mixture &&
      Object.fromEntries(Object.entries(mixture).map(([name, values]) => [name, Array.from(values)]))
    );
  }

  /** Where EM should go on from after the points change: from here, once it has begun. */
  get goingOn() {
    return this.index > 0 ? this.plainMixture() : null;
  }

  addLocally(points) {
    // As fine as can be seen, so that the address stays short.
    const units = this.sides[0].picture.spans.map((span) => 10 ** (3 - Math.floor(Math.log10(span))));
    const places = points.map((point) =>
      point.map((value, axis) => Math.round(value * units[axis]) / units[axis]),
    );
    this.fresh = [...this.fresh, ...places.map((place) => ({ place }))];
    this.paint();
  }

  sendAdded() {
    const unsent = this.fresh.filter(({ number }) => number === undefined);
    if (!unsent.length) return;
    const number = this.tell({
      type: "add_points",
      points: unsent.map(({ place }) => place),
      mixture: this.goingOn,
    });
    for (const point of unsent) point.number = number;
  }

  forgetUnsent() {
    this.fresh = this.fresh.filter(({ number }) => number !== undefined);
    this.paint();
  }

  removePoint(point) {
    if (point === null) return;
    // By its place: by the time Python reads this, another point may have its number.
    this.tell({ type: "remove_point", place: [this.run.x[point], this.run.y[point]], mixture: this.goingOn });
    for (const { picture } of this.sides) picture.hide(point);
    this.paint();
  }

  clearPoints() {
    this.tell({ type: "clear_points" });
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  /** Writes down where people are, and says so where Python is asked for a picture as it is seen. */
  remember() {
    this.outbox.remember(this.address());
    clearTimeout(this.telling);
    if (this.listens) this.telling = setTimeout(() => this.saySeen(), REST);
  }

  saySeen() {
    if (!this.listens || this.gone) return;
    clearTimeout(this.telling);
    if (this.player.playing) return void (this.telling = setTimeout(() => this.saySeen(), REST));
    const parameters = this.ownParameters();
    const said = JSON.stringify(parameters);
    if (said === this.said) return;
    this.said = said;
    this.tell({ type: "seen", parameters });
  }

  /** The parameters that belong in the address: Python's, and those only the stage knows. */
  address() {
    return { ...this.run.address, ...this.ownParameters() };
  }

  ownParameters() {
    const { view, run } = this;
    const own = {
      ...view,
      at: this.index,
      level: Number(view.level.toFixed(2)),
      trails: view.trails ? "on" : "off",
      reveal: view.reveal ? "on" : "off",
      present: view.present ? "on" : "off",
    };
    const texts = Object.entries(own).map(([name, value]) => [name, String(value)]);
    return Object.fromEntries(texts.filter(([name, text]) => text !== String(run.view_defaults[name])));
  }

  destroy() {
    this.gone = true;
    this.player.pause();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    clearTimeout(this.telling);
    this.observer.disconnect();
    this.deafen();
    this.speaking.stop();
    this.outbox.close();
    this.presentation.destroy();
    for (const side of this.sides) side.destroy();
  }
}
