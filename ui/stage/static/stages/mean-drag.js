// A mean under a hand: every pane shows it where it is, and let go, Python begins again from there.

/** @typedef {import("./pane.js").Pane} Pane */

export class MeanDrag {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** The pane whose mean was dragged last. @type {Pane | undefined} */
    this.leader = undefined;
  }

  /** Whether a mean is where no run has put it. */
  get moving() {
    return this.stage.panes.some(({ override }) => override);
  }

  /**
   * @param {Pane} from
   * @param {number} k
   * @param {number} x
   * @param {number} y
   */
  move(from, k, x, y) {
    this.stage.player.pause();
    for (const pane of this.stage.panes) pane.displace(k, x, y);
    this.leader = from;
    this.stage.paint();
  }

  /**
   * On a line.
   * @param {Pane} from
   * @param {number} k
   * @param {number} x
   */
  widen(from, k, x) {
    this.stage.player.pause();
    for (const pane of this.stage.panes) pane.widen(k, x);
    this.leader = from;
    this.stage.paint();
  }

  drop() {
    if (this.moving) this.stage.tell({ type: "move_mean", mixture: this.stage.plainMixture() });
  }

  /** Every mean is again where the run has it. */
  release() {
    for (const pane of this.stage.panes) pane.override = null;
  }

  cancel() {
    this.release();
    this.stage.paint();
  }
}
