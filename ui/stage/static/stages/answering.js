// When what was asked is answered: after the picture is on the screen, and seldom while pictures play.

/** Milliseconds that an answer waits for while pictures play. */
const PLAYING = 120;

export class Answering {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.frame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** A frame comes first. */
  later() {
    this.stop();
    this.frame = requestAnimationFrame(() => {
      this.timer = setTimeout(() => this.stage.answerNow(), this.stage.player.playing ? PLAYING : 0);
    });
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}
