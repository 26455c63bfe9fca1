// One person's seat in a class: which of their guesses went to the room, and what became of it.

/** What the first and the second round are called. */
export const ALONE = 1;
export const AFTER_TALKING = 2;

/** Answers after which the same guess may be sent again. @type {(string | undefined)[]} */
const PASSING = ["not_yet", "closed", "too_fast", "busy"];

/** Answers after which a round is over for this person. @type {(string | undefined)[]} */
const SETTLED = ["counted", "already"];

/** Milliseconds without an answer after which a guess may be sent again. */
export const PATIENCE = 5_000;

/** @typedef {Record<number, { number: number, answer: string }>} Answers by round: which guess, and what became of it */

export class Seat {
  /**
   * @param {Classroom} classroom
   * @param {(event: Record<string, unknown>) => number} tell takes a guess to the room; answers the number it has there
   * @param {() => number} now
   */
  constructor({ lesson, stops, collects }, tell, now = Date.now) {
    this.lesson = lesson;
    this.stops = stops;
    this.collects = collects;
    this.tell = tell;
    this.now = now;
    /** @type {1 | 2} */
    this.round = ALONE;
    /** What became of the guess of each round. @type {Record<number, string | undefined>} */
    this.answers = {};
    /** The number of the guess that is on its way. @type {number | undefined} */
    this.sent = undefined;
    /** Whether the class has gone on to another lesson, and this person with it. */
    this.moved = false;
    this.since = 0;
    /** Of the room, as far as it is known. @type {number | undefined} */
    this.generation = undefined;
  }

  /**
   * What was counted is not sent a second time.
   * @param {Guess} guess
   * @param {1 | 2} round
   */
  send(guess, round) {
    if (!this.collects) return;
    this.round = round;
    this.moved = false;
    this.last = { type: "guess", lesson: this.lesson, guess, round };
    this.resend();
  }

  /** Sends the last guess once more. */
  resend() {
    if (!this.last) return;
    this.sent = this.tell(this.last);
    this.since = this.now();
  }

  /**
   * @param {{ answers: Answers, generation?: number, lesson?: string }} news in which other guesses than this one may be
   *   answered; the generation is another one since the room was cleared, and the lesson the one that the room is about
   *   by now, which follows its teacher
   */
  hear({ answers, generation, lesson }) {
    if (lesson && lesson !== this.lesson) {
      this.moved = Boolean(this.lesson);
      this.lesson = lesson;
      this.answers = {};
      this.sent = this.last = undefined;
    }
    const heard = answers[this.round];
    if (this.sent === undefined || heard?.number !== this.sent) return;
    if (generation !== this.generation) this.answers = {};
    this.generation = generation;
    this.answers[this.round] = heard.answer;
    this.sent = undefined;
  }

  /** Whether a guess is on its way. */
  get isSending() {
    return this.sent !== undefined;
  }

  /** What became of the last guess: a word for it, “sending” until it is known, empty before there is one. */
  get status() {
    if (this.moved) return "moved";
    if (!this.collects || !this.last) return "";
    return this.isSending ? "sending" : (this.answers[this.round] ?? "");
  }

  get mayResend() {
    return PASSING.includes(this.status) || (this.isSending && this.now() - this.since >= PATIENCE);
  }

  /** Whether another guess may be made, after talking, or where the room was cleared, which no page knows by itself. */
  get mayGuessAgain() {
    return Boolean(this.collects && this.last && !this.isSending && this.status !== "no_room");
  }

  /** Whether another guess counts only in a room that was cleared. */
  get isThrough() {
    return SETTLED.includes(this.answers[AFTER_TALKING]);
  }
}
