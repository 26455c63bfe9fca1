// Acts that come faster than anybody can follow: the newest of them, after a rest, and always the last.

/** Milliseconds that an act waits at least: the picture comes first. */
const LEAST = 30;

export class Pace {
  /** @param {number} rest at most one act in so many milliseconds */
  constructor(rest) {
    this.rest = rest;
    this.acted = -Infinity;
    this.act = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * Does `act`, unless another is asked for before its time has come.
   * @param {() => void} act
   */
  ask(act) {
    this.act = act;
    const wait = Math.max(LEAST, this.acted + this.rest - performance.now());
    this.timer ??= setTimeout(() => this.go(), wait);
  }

  go() {
    this.timer = undefined;
    this.acted = performance.now();
    this.act();
  }

  stop() {
    clearTimeout(this.timer);
  }
}
