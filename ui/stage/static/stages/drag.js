// A component under a hand: every pane shows it as it is, and let go, Python begins again from there.

/** @typedef {import("./pane.js").Pane} Pane */

export class Drag {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** The pane whose component was dragged last. @type {Pane | undefined} */
    this.leader = undefined;
    /** Whether Python has been told of the components as they are. */
    this.told = false;
  }

  /** Whether a component is as no run has made it. */
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
    this.told = false;
    this.stage.paint();
  }

  /**
   * The components of one pane are others than any run has made them.
   * @param {Pane} from
   * @param {() => Mixture} shape
   */
  reshape(from, shape) {
    this.stage.player.pause();
    from.override = shape();
    this.leader = from;
    this.told = false;
    this.stage.paint();
  }

  /** Once: a handle let go is left later, when another button is pressed, perhaps before the answer has come. */
  drop() {
    if (!this.moving || this.told) return;
    this.told = true;
    this.stage.tell({ type: "move_mean", mixture: this.stage.plainMixture() });
  }

  /** Every component is again as the run has it. */
  release() {
    for (const pane of this.stage.panes) pane.override = null;
  }

  cancel() {
    this.release();
    this.stage.paint();
  }
}
