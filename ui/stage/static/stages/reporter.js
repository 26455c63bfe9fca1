// Tells the address where people are, and Python as well where it is asked for a picture as it is seen.

/** Milliseconds of rest after which Python is told what is seen. */
const REST = 500;

export class Reporter {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** Whether Python wants to be told. */
    this.listened = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** What Python was told last. */
    this.said = "";
  }

  /** Writes down where people are. */
  remember() {
    this.stage.outbox.remember(this.address());
    clearTimeout(this.timer);
    if (this.listened) this.timer = setTimeout(() => this.saySeen(), REST);
  }

  /** Tells Python what is seen, if that has changed; while pictures play, it has to wait. */
  saySeen() {
    const { stage } = this;
    if (!this.listened || stage.gone) return;
    clearTimeout(this.timer);
    if (stage.player.playing) {
      this.timer = setTimeout(() => this.saySeen(), REST);
      return;
    }
    const parameters = this.ownParameters();
    const said = JSON.stringify(parameters);
    if (said === this.said) return;
    this.said = said;
    stage.tell({ type: "seen", parameters });
  }

  /** The parameters that belong in the address: Python's, and those only the stage knows. */
  address() {
    return { ...this.stage.run.address, ...this.ownParameters() };
  }

  ownParameters() {
    const { held, index, run } = this.stage;
    return held.parameters(index, run.view_defaults);
  }

  close() {
    clearTimeout(this.timer);
  }
}
