// The card of a hand that fits the mixture itself: the numbers of the component it holds, to be typed, and how likely
// the points are now.

import { logLikelihoodOf } from "../model/by-hand.js";
import { quantitiesOf } from "../model/quantities.js";
import { change, nats } from "../words/format.js";
import { element } from "../draw/dom.js";
import { button } from "./button.js";
import { NumberField } from "./number-field.js";
import { chip } from "./table.js";

/** A spin of a field changes it by about so small a part of what its column spans. */
const SPIN = 100;

export class ByHandCard {
  /** @param {import("../stages/pane.js").Pane} pane */
  constructor(pane) {
    this.pane = pane;
    this.chips = element("div", { class: "em-hand-chips", role: "group", "aria-label": "Component in hand" });
    this.fields = element("div", { class: "em-hand-fields" });
    this.fault = element("p", { class: "em-fault", role: "alert" });
    this.note = element(
      "p",
      { class: "em-note" },
      "Axes are turned where no more than two columns are fitted.",
    );
    this.likelihood = element("p", { class: "em-hand-value", "aria-live": "off" });
    const { stage } = pane;
    this.undo = button("Undo the last move", "Undo", {}, () => stage.tell({ type: "undo" }));
    this.goOn = button(null, "Let EM go on from here", { class: "em-go-on" }, () => stage.playFromHere());
    this.node = element(
      "section",
      { class: "em-card em-hand", "aria-label": "By hand", hidden: true },
      element("header", {}, element("strong", {}, "By hand"), this.chips),
      this.fields,
      this.fault,
      this.note,
      this.likelihood,
      element("div", { class: "em-buttons" }, this.undo, this.goOn),
    );
    /** Changes where the fields do. */
    this.kind = "";
    /** @type {{ quantity: import("../model/quantities.js").Quantity, field: NumberField }[]} */
    this.numbers = [];
  }

  /** What the family and equal weights leave free. */
  get bounds() {
    const { letters, address } = this.pane.run;
    return { letters, equal: Boolean(address.equal) };
  }

  /**
   * Takes up a run: a chip for each component, a field for each number of one.
   * @param {EMRun} run
   * @param {Theme} theme
   */
  begin(run, theme) {
    this.fault.textContent = "";
    this.chips.replaceChildren(
      ...Array.from({ length: run.states ? run.components : 0 }, (_, k) => this.chip(k, theme)),
    );
    const kind = `${run.dimensions} ${run.columns}`;
    // The same fields keep the focus: what was typed is followed by the next.
    if (kind === this.kind) return;
    this.kind = kind;
    this.numbers = quantitiesOf(run.dimensions).map((quantity) => ({
      quantity,
      field: this.fieldOf(quantity, run),
    }));
    this.fields.replaceChildren(
      this.row("weight", "Weight, %"),
      this.heading(run.columns.slice(0, run.dimensions)),
      ...Object.entries(ROWS).map(([name, title]) => this.row(name, title)),
    );
  }

  /** @param {string[]} columns */
  heading(columns) {
    const names = columns.map((name) => element("span", { title: name }, name));
    return element(
      "div",
      { class: "em-hand-row em-hand-columns", "aria-hidden": "true" },
      element("span"),
      ...names,
    );
  }

  /**
   * @param {string} name of the numbers in it
   * @param {string} title
   */
  row(name, title) {
    const numbers = this.numbers.filter(({ quantity }) => quantity.name === name);
    return element(
      "div",
      { class: "em-hand-row", role: "group", "aria-label": title, hidden: !numbers.length },
      element("span", {}, title),
      ...numbers.map(({ field }) => field.node),
    );
  }

  /**
   * @param {number} k
   * @param {Theme} theme
   */
  chip(k, theme) {
    const hold = () => {
      this.pane.grip.hold(k);
      this.pane.paint();
    };
    return element(
      "button",
      { type: "button", class: "em-quiet", "aria-label": `Take component ${k + 1} in hand`, click: hold },
      chip(k, theme),
    );
  }

  /**
   * @param {import("../model/quantities.js").Quantity} quantity
   * @param {EMRun} run
   */
  fieldOf(quantity, run) {
    const { name, axis } = quantity;
    const what = axis === undefined ? name : `${name} of ${run.columns[axis]}`;
    const [x0, x1, y0, y1] = run.extent;
    const [across, upwards] = [x1 - x0, y1 - y0];
    const span = { weight: 100, mean: axis ? upwards : across, covariance: across * upwards }[name];
    const scale = span ?? (axis ? upwards : across) ** (name === "variance" ? 2 : 1);
    const step = 10 ** Math.floor(Math.log10(scale / SPIN));
    return new NumberField(
      { step, "aria-label": what, title: what },
      {
        typed: (value) => this.set(quantity, value),
        entered: (value) => this.set(quantity, value) && this.pane.drop(),
      },
    );
  }

  /**
   * Shows the mixture in which `quantity` of the component in hand is `value`, or says why there is none; answers
   * whether there is.
   * @param {import("../model/quantities.js").Quantity} quantity
   * @param {number} value
   */
  set(quantity, value) {
    const { pane } = this;
    const shown = pane.shown();
    const wanted = Number.isFinite(value)
      ? quantity.set(shown, pane.grip.k, value, this.bounds)
      : "Type a number.";
    this.fault.textContent = typeof wanted === "string" ? wanted : "";
    if (typeof wanted === "string") return false;
    pane.stage.drag.reshape(pane, () => wanted);
    return true;
  }

  /** Shows the component in hand as it is. */
  show() {
    const { pane } = this;
    const { stage, run, grip } = pane;
    const shown = stage.tool === "shape" ? pane.shown() : null;
    this.node.hidden = !shown;
    if (!shown) return;
    [...this.chips.children].forEach((node, k) => node.setAttribute("aria-pressed", String(k === grip.k)));
    for (const { quantity, field } of this.numbers) {
      field.show(Number(quantity.of(shown, grip.k).toPrecision(6)));
      field.node.disabled = !quantity.free(this.bounds, shown);
    }
    this.undo.disabled = !run.start_placed;
    this.note.hidden = run.dimensions < 3;
    this.likelihood.textContent = this.likelihoodText(shown);
  }

  /** @param {Mixture} shown */
  likelihoodText(shown) {
    const { run, marks, override, model, index, view, picture } = this.pane;
    const now = logLikelihoodOf(marks, shown);
    const text = `Log-likelihood ${picture.aggregated ? "about " : ""}${nats(now)}`;
    if (override) {
      const before = logLikelihoodOf(marks, model.at(run, index, view));
      const gained = change(now - before, now);
      return `${text}: ${gained === "nothing" ? "as before" : `${now > before ? "+" : ""}${gained} by this move`}.`;
    }
    const end = run.log_likelihoods?.[run.states - 1];
    if (end === undefined || picture.aggregated) return `${text}.`;
    const more = change(end - now, end);
    return `${text}. From here EM ${more === "nothing" ? "gains nothing" : `would gain ${more}`}.`;
  }
}

/** The rows below the names of the columns. @type {Record<string, string>} */
const ROWS = {
  mean: "Mean",
  "width σ": "Width σ",
  variance: "Variance",
  covariance: "Covariance",
};
