// One person's seat in a class: which of their guesses went to the room, and what became of it.

/** What the first and the second round are called. */
export const ALONE = 1;
export const AFTER_TALKING = 2;

/** Answers after which the same guess may be sent again. @type {(string | undefined)[]} */
const PASSING = ["not_yet", "too_fast", "busy"];

/** Answers after which a round is over for this person. @type {(string | undefined)[]} */
const SETTLED = ["counted", "already"];

export class Seat {
  /**
   * @param {Classroom} classroom
   * @param {(event: Record<string, unknown>) => void} tell how a guess gets to the room
   */
  constructor({ lesson, stops, collects }, tell) {
    this.lesson = lesson;
    this.stops = stops;
    this.collects = collects;
    this.tell = tell;
    /** @type {1 | 2} */
    this.round = ALONE;
    /** What became of the guess of each round. @type {Record<number, string>} */
    this.answers = {};
    this.heard = 0;
    /** What is on its way. @type {Record<string, unknown> | undefined} */
    this.sent = undefined;
    /** Whether the class has gone on to another lesson, and this person with it. */
    this.moved = false;
  }

  /**
   * @param {Guess} guess
   * @param {1 | 2} round
   */
  send(guess, round) {
    if (!this.collects) return;
    this.round = round;
    this.moved = false;
    this.sent = { type: "guess", lesson: this.lesson, guess, round };
    this.last = this.sent;
    this.tell(this.sent);
  }

  /** Sends the last guess once more. */
  resend() {
    this.sent = this.last;
    if (this.sent) this.tell(this.sent);
  }

  /**
   * @param {{ number: number, answers: Record<number, string>, lesson?: string }} news with the number of votes answered
   *   so far, and the lesson that the room is about by now, which follows its teacher
   */
  hear({ number, answers, lesson }) {
    if (lesson && lesson !== this.lesson) {
      this.moved = Boolean(this.lesson);
      this.lesson = lesson;
      this.sent = this.last = undefined;
    }
    this.answers = answers;
    if (number !== this.heard) this.sent = undefined;
    this.heard = number;
  }

  /** What became of the last guess: a word for it, “sending” until it is known, empty before there is one. */
  get status() {
    if (this.moved) return "moved";
    if (!this.collects || !this.last) return "";
    return this.sent ? "sending" : (this.answers[this.round] ?? "");
  }

  get mayResend() {
    return PASSING.includes(this.status);
  }

  /** Whether a second guess may be made, after talking. */
  get mayGuessAgain() {
    const { last, sent, answers } = this;
    const over = this.status === "no_room" || SETTLED.includes(answers[AFTER_TALKING]);
    return Boolean(this.collects && last && !sent && !over);
  }

  /** What must be sent again when a broken line is back. */
  get waiting() {
    return this.sent ? [this.sent] : [];
  }
}
