// A lesson: its question, a guess, something to do on the live stage, and what came of it. Every step is taken here,
// in the browser; where the lesson lives is the host's business.

import { readLesson } from "../protocol/lesson.js";
import { verdictOn } from "../model/verdict.js";
import { AFTER_TALKING, ALONE, PATIENCE } from "../model/seat.js";
import { element } from "../draw/dom.js";
import { ClassNote } from "../controls/lesson/class-note.js";
import { CourseStrip } from "../controls/lesson/course-strip.js";
import { Prediction } from "../controls/lesson/prediction.js";
import { Progress } from "../controls/lesson/progress.js";
import { Question } from "../controls/lesson/question.js";
import { Reveal } from "../controls/lesson/reveal.js";
import { WhatToDo } from "../controls/lesson/what-to-do.js";
import { skipTo } from "../controls/skip.js";
import { Comparison } from "./comparison.js";
import { openRefit } from "./refit.js";
import { openStage } from "./registry.js";

/** @typedef {import("./stage.js").Stage} Stage */

export class LessonPlayer {
  /**
   * @param {HTMLElement} root
   * @param {PlotlyLibrary} Plotly
   * @param {LessonHost} host
   */
  constructor(root, Plotly, host) {
    this.root = root;
    this.Plotly = Plotly;
    this.host = host;
    this.language = host.language;
    this.message = /** @type {LessonMessage} */ ({});
    this.progress = new Progress();
    this.seat = host.seat;
    this.attempts = host.attempts ?? {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.strip = new CourseStrip({
      open: (name) => this.open(name),
      speak: (language) => this.speak(language),
      forget: () => {
        this.progress.forget();
        this.show();
      },
    });
    this.question = new Question();
    this.prediction = new Prediction((guess, byHand) => this.commit(guess, byHand));
    this.note = new ClassNote({
      again: () => this.guessAgain(),
      resend: () => this.resend(),
      alone: () => this.goOnAlone(),
    });
    this.act = new WhatToDo({
      change: (byHand) => this.change(byHand),
      reveal: () => this.reveal(),
    });
    const { lab } = host;
    this.reveals = new Reveal({
      again: () => this.again(),
      forward: () => this.open(this.message.course[this.message.number].name),
      lab: lab && (() => lab(this.message.lab, this.message.kind)),
    });
    this.parts = [this.strip, this.question, this.prediction, this.note, this.act, this.reveals];
    this.panel = element("div", { class: "em-lesson-panel" }, ...this.parts.map(({ node }) => node));
    this.lead = element("p", { class: "em-lead" });
    root.classList.add("em-lesson");
    root.replaceChildren(this.panel, this.lead);
  }

  /** How far somebody is in the lesson of the message. */
  get attempt() {
    return (this.attempts[this.message.name] ??= fresh(this.message.name));
  }

  set attempt(attempt) {
    this.attempts[attempt.name] = attempt;
  }

  /**
   * A message: another lesson begins, or goes on where it was left; the same one goes on as it was.
   * @param {Uint8Array} bytes
   */
  async receive(bytes) {
    const first = !this.stage;
    const before = this.message;
    this.message = readLesson(bytes);
    if (!first && before.name === this.message.name) {
      this.show();
      // The same run goes on, or one that a hand has made of it; the page's colours may be others.
      return this.retheme();
    }
    this.setBusy(false);
    this.attempt.thinksAgain = false;
    this.prediction.begin(this.message);
    this.show();
    this.waitForTheRoom();
    this.forgetView();
    const stage = this.mount();
    stage.isLocked = false;
    await stage.receive(this.shown);
    this.layFlag();
    stage.isLocked = false;
    if (this.attempt.step === "reveal") this.showOutcome();
    // Two lessons may be about the same run.
    else if (!first && stage.index !== this.opening) stage.goTo(this.opening);
    if (first && this.host.at !== undefined) stage.goTo(this.host.at);
    stage.isLocked = this.waits;
    if (!first) this.toTheQuestion();
    return undefined;
  }

  /** No other lesson is on its way: whoever chose one, and then this one again before that had come, stays here. */
  rest() {
    if (!this.busy) return;
    this.setBusy(false);
    this.remember();
  }

  /** The half-step that the run on the stage opens at. */
  get opening() {
    const { stage } = this;
    return stage?.run ? Math.min(stage.run.half_step, stage.pictures - 1) : 0;
  }

  /** A lesson opens as it says, whatever was chosen in the one before; who presents goes on presenting. */
  forgetView() {
    if (this.stage) this.stage.held.told = { present: this.stage.held.told.present };
  }

  /** Where the guess is a place, it is one of the mixture's picture. */
  layFlag() {
    const pane = this.stage?.panes.at(-1);
    if (pane) this.prediction.attach(pane);
  }

  /** The stage's message that is to be seen now. */
  get shown() {
    const { before, after } = this.message;
    const { step } = this.attempt;
    return after && step !== "question" && step !== "act" ? after : before;
  }

  /** The stage of the lesson's kind and tools: the one there is, or another one. @returns {Stage} */
  mount() {
    const { kind, tools } = this.message;
    const wanted = [kind, ...tools].join();
    if (this.stage && this.mounted === wanted) return this.stage;
    const held = this.stage?.held;
    this.unmount();
    const root = element("div", { "data-testid": "em-stage", "data-kind": kind, lang: "en" });
    this.lead.before(root);
    /** @type {string | undefined} */
    this.mounted = wanted;
    const { copy } = this.host;
    /** @type {Host} */
    const at = {
      tools,
      remember: () => this.remember(),
      copy: copy && (() => copy(this.address())),
      above: () => (this.isWide ? null : this.panel),
    };
    this.stage = openStage(root, this.Plotly, at, held);
    // Of runs that no hand may change it answers nothing.
    openRefit(this.stage, { only: ["move_mean", "undo"] });
    this.skip = skipTo(root);
    return this.stage;
  }

  /** Whether the panel stands beside the stage, and not above it. */
  get isWide() {
    return getComputedStyle(this.root).gridTemplateColumns.includes(" ");
  }

  unmount() {
    this.skip?.remove();
    this.stage?.destroy();
    this.stage?.root.remove();
    /** @type {Stage | undefined} */
    this.stage = undefined;
  }

  // From the question to what came of it

  /**
   * @param {Guess} guess
   * @param {boolean} byHand whether a pointer did it: then the keys are the stage's, which is where to go on
   */
  commit(guess, byHand) {
    const { message, attempt, seatHere } = this;
    const { thinksAgain } = attempt;
    const step = attempt.step === "question" ? "act" : attempt.step;
    const verdict = verdictOn(message.prediction, guess);
    this.attempt = { ...attempt, guess, verdict, step, thinksAgain: false };
    seatHere?.send(guess, thinksAgain ? AFTER_TALKING : ALONE);
    this.show();
    this.waitForTheRoom();
    if (this.waits) this.leadTo(this.note.node);
    else this.leadTo(byHand && !message.change ? this.stage?.root : this.act.onward);
  }

  /** After talking to a neighbour: the first guess is still there, to be kept or changed. */
  guessAgain() {
    this.attempt.thinksAgain = true;
    this.show();
    this.toTheQuestion();
  }

  resend() {
    this.seatHere?.resend();
    this.show();
    this.waitForTheRoom();
    this.leadTo(this.note.node);
  }

  /** The teacher has shown what happened, and this person wants to see it here as well. */
  goOnAlone() {
    this.attempt.isAlone = true;
    this.host.tell?.({ type: "alone", lesson: this.message.name });
    this.show();
    this.leadTo(this.act.onward);
  }

  /** Whether what happens is the teacher's to show, and nothing of it is to be had here yet. */
  get waits() {
    const { seatHere, attempt } = this;
    return Boolean(seatHere && (seatHere.stops || seatHere.collects) && !attempt.isAlone);
  }

  /** A guess without an answer may be sent again after a while. */
  waitForTheRoom() {
    clearTimeout(this.timer);
    if (this.seatHere?.isSending) this.timer = setTimeout(() => this.show(), PATIENCE);
  }

  /** The seat in a class, if it is about this lesson. */
  get seatHere() {
    return this.seat?.lesson === this.message.name ? this.seat : undefined;
  }

  /**
   * What became of the guesses that went to the room.
   * @param {{ answers: import("../model/seat.js").Answers, lesson?: string }} news
   */
  hear(news) {
    this.seat?.hear(news);
    if (this.message.name) this.show();
  }

  /** @param {boolean} byHand */
  async change(byHand) {
    this.attempt.own = this.ownRun ?? this.attempt.own;
    this.attempt.step = "changed";
    this.show();
    this.leadTo(byHand ? this.stage?.root : this.act.onward);
    await this.stage?.receive(this.shown);
  }

  reveal() {
    const { attempt, message } = this;
    attempt.own = attempt.ownBefore = this.ownRun ?? attempt.own;
    attempt.step = "reveal";
    attempt.thinksAgain = false;
    if (attempt.verdict) this.progress.take(message.name, attempt.verdict);
    this.show();
    this.leadTo(this.reveals.onward);
    this.reveals.node.scrollIntoView({ block: "nearest" });
    this.showOutcome();
    this.host.tell?.({ type: "reveal", lesson: message.name });
  }

  /** What the reveal tells of is on the stage. */
  showOutcome() {
    if (this.stage instanceof Comparison) this.stage.endDial();
    this.stage?.goTo(this.message.at ?? Infinity);
  }

  /** What came of the run that a hand has begun, if there is one on the stage. */
  get ownRun() {
    const run = this.stage?.run;
    if (!run?.start_placed || !run.states || !this.message.hand) return undefined;
    return { end: run.curve[run.states - 1], steps: run.states - 1 };
  }

  /** The same lesson from its beginning. */
  async again() {
    this.attempt = { ...fresh(this.message.name), isAlone: this.attempt.isAlone };
    this.prediction.begin(this.message);
    this.show();
    this.toTheQuestion();
    this.layFlag();
    await this.stage?.receive(this.message.before);
    this.stage?.goTo(this.opening);
  }

  /** @param {string} name */
  open(name) {
    this.stage?.player.pause();
    this.stage?.outbox.flush();
    this.setBusy(true);
    this.host.open(name, this.language);
  }

  /**
   * The address has gone back or forward to a lesson: that is asked for, unless it is here.
   * @param {string} name
   */
  follow(name) {
    const here = this.message.name;
    if (!here || (name === here && !this.busy) || !this.message.course.some((row) => row.name === name))
      return;
    this.stage?.player.pause();
    this.setBusy(true);
    this.host.ask?.(name);
  }

  /**
   * Until another lesson has come.
   * @param {boolean} busy
   */
  setBusy(busy) {
    this.busy = busy;
    this.root.toggleAttribute("aria-busy", busy);
    if (busy) this.root.setAttribute("aria-busy", "true");
  }

  /** @param {string} language */
  speak(language) {
    this.language = language;
    this.show();
    this.remember();
  }

  // What is seen

  show() {
    const { message, attempt, root } = this;
    if (!(this.language in message.say)) [this.language] = Object.keys(message.say);
    const { language } = this;
    const page = message.page[language];
    const view = {
      ...attempt,
      guess: attempt.thinksAgain ? null : attempt.guess,
      seat: this.seatHere,
      waits: this.waits,
      message,
      language,
      page,
      said: message.say[language],
      comma: message.commas[language],
      done: this.progress.done,
      alone: Boolean(this.host.alone),
    };
    for (const part of this.parts) part.show(view);
    this.lead.textContent = page.lead;
    root.lang = language;
    this.host.entitle?.(view.said.title);
    const { step, verdict } = attempt;
    Object.assign(root.dataset, { lesson: message.name, step, language });
    root.dataset.cards = message.cards.join(" ");
    root.toggleAttribute("data-waits", this.waits);
    if (this.stage) this.stage.isLocked = this.waits;
    root.dataset.secrets = step === "question" ? message.secrets.join(" ") : "";
    if (step === "reveal" && verdict) root.dataset.verdict = verdict;
    else delete root.dataset.verdict;
  }

  /** @param {HTMLElement | undefined} node where the next step is */
  leadTo(node) {
    node?.focus({ preventScroll: true });
  }

  toTheQuestion() {
    this.leadTo(this.question.node);
    this.question.node.scrollIntoView({ block: "nearest" });
  }

  /** What a link to what is seen says. @returns {Record<string, string>} */
  address() {
    const { stage, message, language } = this;
    const link = { lesson: message.name, lang: language };
    if (!stage?.run) return link;
    const asOpened = this.attempt.step === "question" && stage.index === this.opening;
    return asOpened ? link : { ...link, at: String(stage.index) };
  }

  remember() {
    if (this.busy) return;
    this.host.remember(this.address());
    const { attempt } = this;
    if (attempt.step !== "reveal") return;
    // Who goes on to drag hears of it as well, and no more of it once that is undone.
    const own = this.ownRun ?? attempt.ownBefore;
    if (own?.end === attempt.own?.end) return;
    attempt.own = own;
    this.show();
  }

  retheme() {
    return this.stage?.retheme();
  }

  destroy() {
    clearTimeout(this.timer);
    this.unmount();
  }
}

/** @param {string} name @returns {Attempt} */
const fresh = (name) => ({ name, step: "question", guess: null, verdict: null, own: null, ownBefore: null });
