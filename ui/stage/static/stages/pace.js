// Acts that come faster than anybody can follow: the newest of them, after a rest, and always the last.

export class Pace {
  /** At most one act in `rest` milliseconds. */
  constructor(rest) {
    Object.assign(this, { rest, acted: -Infinity });
  }

  /** Does `act`, unless another is asked for before its time has come. */
  ask(act) {
    this.act = act;
    // Never at once: the picture comes first.
    this.timer ??= setTimeout(() => this.go(), Math.max(30, this.acted + this.rest - performance.now()));
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
