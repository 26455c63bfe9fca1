// What a hand does where no Python is to be reached: EM begins anew in the page itself. The events mean what
// ui/workspace/events.py has them mean, each can be undone, and the runs are as if they had come in a message.

import { Fitting } from "../model/em.js";
import { fittedRun, unfitted } from "../model/fitted-run.js";
import { sentenceOf } from "../words/stops.js";
import { cure, curesOf } from "./cures.js";
import {
  experimentOf,
  placesIn,
  pointAt,
  settingsOf,
  shapesIn,
  withPoints,
  withoutPoint,
  withoutPoints,
} from "./experiment.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */
/** @typedef {{ number: number, type: string, [name: string]: any }} Event */

const MOST_UNDONE = 100;

/** Milliseconds of work after which the page has its turn. */
const PIECE = 40;

/** What can be answered; the rest is for Python. */
const ANSWERED = ["move_mean", "add_points", "remove_point", "clear_points", "cure", "undo"];

/** Of the cures that Python offers. */
const CURES = ["regularise", "go_on", "more_steps"];

const EMPTY = "No points: put some in, and EM begins with the components as they were.";

/**
 * Lets `stage`, whose host reaches no Python, fit anew in the page wherever its run says how. To be called before the
 * stage has its first run.
 * @param {import("./stage.js").Stage} stage
 * @param {object} [wanted]
 * @param {string[]} [wanted.only] the events that are answered, all if left out: ["move_mean"] lets means be dragged
 *   and nothing else
 * @param {(steps: number, most: number) => void} [wanted.watch] hears how far a long fit is, and (0, 0) when a run is shown
 * @returns {Refit}
 */
export function openRefit(stage, { only = ANSWERED, watch } = {}) {
  const refit = new Refit(stage, watch);
  const answers = (/** @type {{ type: string, name?: string }} */ event, /** @type {EMRun} */ run) =>
    only.includes(event.type) && refit.answers(event, run);
  const undoable = only.includes("undo") ? { undoable: () => refit.undoable } : {};
  const host = { ...stage.host, answers, ...undoable, send: (/** @type {Event[]} */ e) => refit.send(e) };
  stage.host = host;
  stage.outbox.host = host;
  return refit;
}

export class Refit {
  /**
   * @param {import("./stage.js").Stage} stage
   * @param {(steps: number, most: number) => void} [watch]
   */
  constructor(stage, watch) {
    this.stage = stage;
    this.watch = watch;
    /** Those before, the last change's at the end. @type {Experiment[]} */
    this.history = [];
    /** @type {Experiment | null} */
    this.experiment = null;
    /** The run that this one was made from, or has made. @type {EMRun | null} */
    this.known = null;
    this.acknowledged = 0;
    this.beginning = 0;
    /** Of runs made here. */
    this.made = 0;
    /** Of the newest fit: an older one is broken off. */
    this.turn = 0;
  }

  /** Whether there is something to undo. */
  get undoable() {
    return this.known === this.stage.given && this.history.length > 0;
  }

  /**
   * Whether such an event about the run is answered.
   * @param {{ type: string, name?: string }} event
   * @param {EMRun} run
   */
  answers({ type, name }, run) {
    // Where nothing was ever fitted there is no mixture to begin with.
    if (!run.fit || !(run.states || this.experiment)) return false;
    return type === "cure" ? CURES.includes(name ?? "") || run === this.known : ANSWERED.includes(type);
  }

  /**
   * What a hand did, in order, each event once.
   * @param {Event[]} events
   */
  send(events) {
    const fresh = events.filter(({ number }) => number > this.acknowledged);
    if (!fresh.length || !this.stage.given?.fit) return;
    this.acquaint();
    let resumes = false;
    for (const event of fresh) {
      this.acknowledged = event.number;
      resumes = event.type === "undo";
      this.take(event);
    }
    this.show(resumes);
  }

  /** Takes up a run that has not been made here, with nothing to undo. */
  acquaint() {
    const run = this.stage.given;
    if (run === this.known) return;
    this.known = run;
    this.history = [];
    this.beginning = run.beginning;
    this.experiment = experimentOf(run);
    /** Where the first run began. */
    this.first = this.experiment.start;
  }

  /** @param {Event} event */
  take(event) {
    const old = /** @type {Experiment} */ (this.experiment);
    const start = shapesIn(event.mixture, old);
    const goingOn = { start: start ?? old.start, placed: start !== null || old.placed };
    switch (event.type) {
      case "move_mean":
        return start && this.begin({ ...old, ...goingOn });
      case "add_points": {
        const places = placesIn(event.points, old);
        return places.length && this.begin({ ...withPoints(old, places), ...goingOn });
      }
      case "remove_point": {
        const index = pointAt(old, event.place, this.stage.given.extent);
        return index !== null && this.begin({ ...withoutPoint(old, index), ...goingOn });
      }
      case "clear_points":
        return this.begin(withoutPoints(old));
      case "cure": {
        const cured = cure(event.name, old, /** @type {Shapes} */ (this.first));
        return cured && this.change(cured);
      }
      case "undo": {
        const before = this.history.pop();
        if (!before) return;
        this.experiment = before;
        this.beginning += 1;
      }
    }
  }

  /**
   * As `change`, and the stage goes to the first picture.
   * @param {Experiment} experiment
   */
  begin(experiment) {
    this.beginning += 1;
    this.change(experiment);
  }

  /** @param {Experiment} experiment */
  change(experiment) {
    this.history = [...this.history.slice(1 - MOST_UNDONE), /** @type {Experiment} */ (this.experiment)];
    this.experiment = { ...experiment, run: undefined };
  }

  /**
   * Shows what comes of the experiment, which may take a while.
   * @param {boolean} resumes whether the stage goes back to where it had left the run
   */
  async show(resumes) {
    const experiment = /** @type {Experiment} */ (this.experiment);
    const turn = ++this.turn;
    const run = experiment.run ?? (await this.fit(experiment, turn));
    if (!run || turn !== this.turn || this.stage.gone) return;
    experiment.run = run;
    this.watch?.(0, 0);
    const { acknowledged, beginning } = this;
    this.known = { ...run, acknowledged, beginning, resumes, ...(resumes ? {} : { half_step: 0 }) };
    await this.stage.take([this.known]);
  }

  /**
   * The run of an experiment, in pieces so that the page stays alive; null where another one has been asked for since.
   * @param {Experiment} experiment
   * @param {number} turn
   * @returns {Promise<EMRun | null>}
   */
  async fit(experiment, turn) {
    const about = this.about(experiment);
    if (!experiment.x.length) return unfitted({ ...about, notice: EMPTY });
    const settings = settingsOf(experiment);
    const fitting = new Fitting(experiment, experiment.start, settings);
    let rested = performance.now();
    while (!fitting.ended) {
      fitting.step();
      if (performance.now() - rested < PIECE) continue;
      this.watch?.(fitting.states.length - 1, settings.maxSteps);
      await new Promise((resume) => setTimeout(resume));
      if (turn !== this.turn) return null;
      rested = performance.now();
    }
    const stop = {
      reason: /** @type {Stop["reason"]} */ (fitting.reason),
      sentence: sentenceOf(fitting, experiment.fit.step_limit),
      cures: curesOf(experiment, fitting, /** @type {Shapes} */ (this.first)),
    };
    return fittedRun({ ...about, stop }, fitting);
  }

  /**
   * What a run of the experiment says beside its fit.
   * @param {Experiment} experiment
   * @returns {EMRun}
   */
  about({ x, y, labels, placed, fit }) {
    this.made += 1;
    return {
      .../** @type {EMRun} */ (this.known),
      ...{ x, y, labels, fit, n: x.length, total: x.length },
      id: `page ${this.made}`,
      start_placed: placed,
      notice: "",
    };
  }
}
