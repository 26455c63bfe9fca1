// What a hand does where no Python is to be reached: EM begins anew in the page itself. The events mean what
// ui/workspace/events.py has them mean, each can be undone, and the runs are as if they had come in a message.

import { Fitting } from "../model/em.js";
import { fittedRun, unfitted } from "../model/fitted-run.js";
import { sentenceOf } from "../words/stops.js";
import { findCures } from "./cures.js";
import {
  experimentOf,
  placesIn,
  pointAt,
  saidOf,
  settingsOf,
  shapesIn,
  withPoints,
  withoutPoint,
  withoutPoints,
} from "./experiment.js";
import { inPieces } from "./pieces.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */
/** @typedef {{ number: number, type: string, [name: string]: any }} Event */

const MOST_UNDONE = 100;

/** Milliseconds of work after which the page has its turn. */
const PIECE = 40;

/** What can be answered; the rest is for Python. */
const ANSWERED = ["move_mean", "add_points", "remove_point", "clear_points", "cure", "undo"];

/** How the ids of runs begin that the page has made. */
const MADE_HERE = "page ";

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
  const refit = new Refit(stage, only.includes("cure"), watch);
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
   * @param {boolean} cures whether cures are looked for
   * @param {(steps: number, most: number) => void} [watch]
   */
  constructor(stage, cures, watch) {
    this.stage = stage;
    this.cures = cures;
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
    return type === "cure" ? hasCure(run, name) : ANSWERED.includes(type);
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
    // What takes long may be undone meanwhile.
    this.stage.showControls();
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
        const cured = old.cures.get(event.name);
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
    this.experiment = { ...experiment, run: undefined, cures: new Map(), tried: false };
  }

  /**
   * Shows what comes of the experiment, which may take a while.
   * @param {boolean} resumes whether the stage goes back to where it had left the run
   */
  async show(resumes) {
    const experiment = /** @type {Experiment} */ (this.experiment);
    const turn = ++this.turn;
    let { given } = this.stage;
    const broken = () => turn !== this.turn || this.stage.gone === true || given !== this.stage.given;
    const run = experiment.run ?? (await this.fit(experiment, broken));
    this.watch?.(0, 0);
    if (!run || broken()) return;
    experiment.run = run;
    const { acknowledged, beginning } = this;
    given = { ...run, acknowledged, beginning, resumes, ...(resumes ? {} : { half_step: 0 }) };
    this.known = given;
    await this.stage.take([given]);
    if (this.cures && !experiment.tried) await this.lookForCures(experiment, run, broken);
  }

  /**
   * The run of an experiment, in pieces so that the page stays alive; null where it is broken off.
   * @param {Experiment} experiment
   * @param {() => boolean} broken whether another one has been asked for since, or the stage shows another
   * @returns {Promise<EMRun | null>}
   */
  async fit(experiment, broken) {
    this.made += 1;
    const about = { ...saidOf(experiment), id: `${MADE_HERE}${this.made}` };
    if (!experiment.x.length) return unfitted({ ...about, notice: EMPTY });
    const settings = settingsOf(experiment);
    const fitting = new Fitting(experiment, experiment.start, settings);
    const heard = () => this.watch?.(fitting.states.length - 1, settings.maxSteps);
    if (!(await inPieces(fitting, { piece: PIECE, broken, heard }))) return null;
    const stop = {
      reason: /** @type {Stop["reason"]} */ (fitting.reason),
      sentence: sentenceOf(fitting, experiment.fit.step_limit),
      cures: [],
    };
    return fittedRun({ ...about, stop }, fitting);
  }

  /**
   * Offers what can be done about how the run ended, while it is on the stage.
   * @param {Experiment} experiment
   * @param {EMRun} run of the experiment
   * @param {() => boolean} broken
   */
  async lookForCures(experiment, { stop }, broken) {
    if (!stop) return;
    const { cures } = experiment;
    /** @param {import("./cures.js").Cure} cure */
    const found = ({ name, title, experiment: cured }) => {
      if (cures.has(name)) return;
      cures.set(name, cured);
      stop.cures?.push([name, title]);
      this.stage.announcement.offer(stop.cures ?? []);
    };
    await findCures(experiment, stop.reason, /** @type {Shapes} */ (this.first), { found, broken });
    experiment.tried = !broken();
  }
}

/**
 * Whether the page can do what a run has a button for: of Python's runs what changes the settings alone.
 * @param {EMRun} run as it came, or as a line has it
 * @param {string | undefined} name
 */
function hasCure({ id, stop }, name) {
  const offered = stop?.cures?.find(([own]) => own === name);
  return offered !== undefined && (id.startsWith(MADE_HERE) || Boolean(offered[2]));
}
