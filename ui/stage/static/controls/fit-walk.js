// From fit to fit with the keys of a keyboard.

/** @typedef {import("../stages/fit-chart.js").FitChart} FitChart */

export class FitWalk {
  /** @param {FitChart} chart */
  constructor(chart) {
    this.chart = chart;
    /** The fit that the keys were at last. @type {string | null} */
    this.at = null;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowRight: () => this.along(1),
      ArrowLeft: () => this.along(-1),
      ArrowDown: () => this.across(1),
      ArrowUp: () => this.across(-1),
      Enter: () => this.chart.open(),
    }[event.key];
    if (!act || (event.key === "Enter" && !this.chart.shown)) return;
    event.preventDefault();
    act();
  }

  /** The fits that have a mark, in their order, with the first mark of each. */
  get stops() {
    const marks = new Map(this.chart.marks.reverse().map((mark) => [mark.id, mark]));
    return (this.chart.chart?.fits ?? []).flatMap((fit) => {
      const mark = marks.get(fit.id);
      return mark ? [{ fit, mark }] : [];
    });
  }

  /**
   * To the next fit, or the one before.
   * @param {number} step
   */
  along(step) {
    const { stops } = this;
    const here = this.here(stops);
    const next = here < 0 ? (step > 0 ? 0 : stops.length - 1) : here + step;
    this.go(stops[Math.max(0, Math.min(stops.length - 1, next))]);
  }

  /**
   * To the fit of the next series, or of the one before, that lies nearest across.
   * @param {number} step
   */
  across(step) {
    const { stops } = this;
    const here = this.here(stops);
    if (here < 0) return this.along(step);
    const rows = [...new Set(stops.map(({ fit }) => fit.row))];
    const row = rows[rows.indexOf(stops[here].fit.row) + step];
    if (row === undefined) return this.go(stops[here]);
    /** @type {(stop: typeof stops[number]) => number} */
    const off = ({ mark }) =>
      Math.abs(mark.left + mark.right - stops[here].mark.left - stops[here].mark.right);
    const own = stops.filter(({ fit }) => fit.row === row);
    return this.go(own.reduce((best, stop) => (off(stop) < off(best) ? stop : best)));
  }

  /**
   * Where the keys are: at what is shown, or where they were last; -1 for nowhere.
   * @param {FitWalk["stops"]} stops
   */
  here(stops) {
    const id = this.chart.shown?.mark.id ?? this.at;
    return stops.findIndex(({ fit }) => fit.id === id);
  }

  /** @param {FitWalk["stops"][number] | undefined} stop */
  go(stop) {
    if (!stop) return;
    this.at = stop.fit.id;
    this.chart.show(stop.mark, "keys");
    this.chart.say(stop.fit.id);
  }
}
