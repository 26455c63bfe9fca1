// Points that a hand puts in or takes out. They are on the picture at once, and stay until a run of Python's has them.

/** @typedef {{ place: number[], number?: number }} PendingPoint with the number of the event that took it to Python */

export class PointEdits {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** Points on their way to Python. @type {PendingPoint[]} */
    this.pending = [];
    /** How many points a click puts in. */
    this.spray = 1;
  }

  /**
   * Puts points on the picture; `send` takes them to Python.
   * @param {number[][]} points [x, y] each
   */
  add(points) {
    // As fine as can be seen, so that the address stays short.
    const { run, panes } = this.stage;
    const units = panes[0].picture.spans.map((span) => 10 ** (3 - Math.floor(Math.log10(span))));
    const places = points.map((point) =>
      point.slice(0, run.dimensions).map((value, axis) => Math.round(value * units[axis]) / units[axis]),
    );
    this.pending = [...this.pending, ...places.map((place) => ({ place }))];
    this.stage.paint();
  }

  send() {
    const unsent = this.pending.filter(({ number }) => number === undefined);
    if (!unsent.length) return;
    const points = unsent.map(({ place }) => place);
    const number = this.stage.tell({ type: "add_points", points, mixture: this.stage.goingOn });
    for (const point of unsent) point.number = number;
  }

  forgetUnsent() {
    this.pending = this.pending.filter(({ number }) => number !== undefined);
    this.stage.paint();
  }

  /**
   * Forgets the points of the events up to `number`, which a run has.
   * @param {number} acknowledged
   */
  acknowledge(acknowledged) {
    this.pending = this.pending.filter(({ number }) => number === undefined || number > acknowledged);
  }

  /** @param {number | null} point its index */
  remove(point) {
    if (point === null) return;
    const { run, panes } = this.stage;
    // By its place: by the time Python reads this, another point may have its number.
    const place = [run.x[point], run.y[point]].slice(0, run.dimensions);
    this.stage.tell({ type: "remove_point", place, mixture: this.stage.goingOn });
    for (const { picture } of panes) picture.hide(point);
    this.stage.paint();
  }

  clear() {
    this.stage.tell({ type: "clear_points" });
  }
}
