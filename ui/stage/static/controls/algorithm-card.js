// The algorithm beside its picture: pseudocode whose current line is lit and whose lines lead there, and below it the
// formula of that line, in symbols and with numbers put in.

import { countPictures, nextOf, pictureAt } from "../model/timeline.js";
import { formulaOf, lastGain } from "../words/formulas.js";
import { nameOf } from "../words/naming.js";
import { LINES, endOf, stepsOf } from "../words/steps.js";
import { element } from "../draw/dom.js";
import { formula, whenSet } from "../draw/formula.js";
import { legible } from "../draw/legible.js";
import { shareColours } from "../draw/theme.js";
import { button } from "./button.js";

/** Formulas are set smaller where there is no room, but not smaller than this. */
const SMALLEST = 0.6;

/** @typedef {import("../words/steps.js").Line} Line */
/** What a moment is without its colours. @typedef {Omit<import("../words/formulas.js").Moment, "colours">} Here */

export class AlgorithmCard {
  /**
   * @param {object} acts
   * @param {(index: number) => void} acts.goTo
   * @param {(open: boolean) => void} acts.unfolded people opened or closed the formula
   * @param {string} [name]
   */
  constructor({ goTo, unfolded }, name = "The algorithm") {
    this.goTo = goTo;
    /** Formulas in symbols that were set already. @type {Map<string, HTMLElement>} */
    this.known = new Map();
    /** The algorithm, or K-Means. */
    this.kind = "em";
    /** What the formula was made of. */
    this.shown = "";
    /** Whether formulas have their final size at once. */
    this.settled = false;
    /** Where each line leads to. @type {Record<string, number>} */
    this.targets = {};
    /** @type {Record<string, HTMLButtonElement>} */
    this.lines = Object.fromEntries(
      LINES.map((line) => [
        line,
        button(null, "", { class: "em-line", "data-line": line }, () => this.goTo(this.targets[line])),
      ]),
    );
    this.symbols = element("div", { class: "em-symbols" });
    this.numbers = element("div", { class: "em-numbers" });
    this.words = element("p");
    this.content = element("div", { class: "em-formulas" }, this.symbols, this.numbers, this.words);
    // Those that stand side by side open and close together.
    const toggle = (/** @type {Event} */ event) => {
      event.preventDefault();
      unfolded(!this.fold.open);
    };
    const summary = element("summary", { click: toggle }, "The formula");
    this.fold = element("details", { class: "em-formula-fold" }, summary, this.content);
    const list = element("ol", { class: "em-algorithm", "aria-label": name });
    list.append(...LINES.map((line) => element("li", {}, this.lines[line])));
    this.node = element("section", { class: "em-card em-steps", "aria-label": name }, list, this.fold);
  }

  /**
   * The lines of another run, or the same in other colours.
   * @param {EMRun} run
   * @param {Theme} theme
   * @param {string} algorithm
   */
  begin(run, theme, algorithm) {
    const ground = getComputedStyle(this.node).backgroundColor;
    this.colours = shareColours(theme, run).map((colour) => legible(colour, ground));
    this.kind = algorithm;
    for (const line of LINES) this.write(line, stepsOf(algorithm)[line]);
    this.node.hidden = !run.states;
    this.content.style.minHeight = "";
    this.known.clear();
    this.shown = "";
  }

  /**
   * @param {Line} line
   * @param {import("../words/steps.js").Said} said
   */
  write(line, [name, words]) {
    const text = [name, words].filter(Boolean).join(" ");
    if (this.lines[line].textContent === text) return;
    this.lines[line].replaceChildren(...(name ? [element("b", {}, name), " "] : []), words);
  }

  /** @param {boolean} open */
  unfold(open) {
    this.fold.open = open;
  }

  /**
   * Lights the line of picture `index` of a run, and says where each line leads to.
   * @param {number} index
   * @param {EMRun} run
   */
  light(index, run) {
    if (!run.states) return;
    const own = countPictures(run.states);
    const { phase } = pictureAt(index);
    for (const line of LINES) {
      const node = this.lines[line];
      const target = line === "until" ? own - 1 : nextOf(line, index, own);
      this.targets[line] = target;
      const here = line === phase;
      if (node.classList.contains("em-lit") !== here) {
        node.classList.toggle("em-lit", here);
        if (here) node.setAttribute("aria-current", "step");
        else node.removeAttribute("aria-current");
      }
      node.disabled = target < 0;
      const hint = hintOf(line, target, index, own);
      if (node.dataset.hint !== hint) {
        node.dataset.hint = hint;
        node.setAttribute("aria-description", hint);
      }
    }
    const over = index === own - 1;
    this.lines.until.classList.toggle("em-done", over);
    this.write("until", over ? endOf(this.kind, run.stop) : stepsOf(this.kind).until);
  }

  /**
   * Puts the numbers in, unless the formula is folded away.
   * @param {Here} here
   */
  answer(here) {
    if (!this.fold.open || this.node.hidden) return;
    const found = formulaOf({ ...here, colours: this.colours ?? [] });
    this.content.hidden = !found;
    if (!found) return;
    const end = here.index === countPictures(here.run.states) - 1 && !here.moving ? lastGain(here) : "";
    const now = [found.symbols, found.numbers, ...found.words, end].join("\n");
    if (now === this.shown) return;
    this.shown = now;
    // They change from line to line, and are the same at every iteration.
    if (this.symbols.firstElementChild?.getAttribute("data-tex") !== found.symbols)
      this.symbols.replaceChildren(this.written(found.symbols));
    this.numbers.replaceChildren(formula(found.numbers, true), ...(end ? [formula(end, true)] : []));
    this.words.textContent = found.words.join(" ");
    this.fit();
    if (!this.settled) whenSet().then(() => this.settle());
  }

  /** KaTeX and its letters have come, or will not. */
  settle() {
    this.settled = true;
    this.fit();
  }

  /**
   * The formula of a line in symbols, which is set once for all iterations.
   * @param {string} tex
   */
  written(tex) {
    const node = this.known.get(tex) ?? formula(tex, true);
    this.known.set(tex, node);
    return node;
  }

  /** As small as the card needs; what is below stays where it is while steps go by. */
  fit() {
    const parts = [this.symbols, this.numbers];
    for (const { style } of parts) style.fontSize = "";
    // Read all before anything is written: the browser then lays the card out once.
    const shares = parts.map(({ clientWidth, scrollWidth }) => clientWidth / scrollWidth);
    const { offsetHeight, style } = this.content;
    parts.forEach((part, i) => {
      if (shares[i] < 1) part.style.fontSize = `${Math.max(SMALLEST, shares[i])}em`;
    });
    if (offsetHeight > parseFloat(style.minHeight || "0")) style.minHeight = `${offsetHeight}px`;
  }
}

/**
 * What a press on a line does.
 * @param {Line} line
 * @param {number} target
 * @param {number} index
 * @param {number} pictures
 */
function hintOf(line, target, index, pictures) {
  if (target < 0) return "There is none in this run";
  if (target === index) return "This is the picture you see";
  if (line === "start") return "Go back to the start";
  if (line === "until") return "Run to the end";
  return `Go to ${nameOf(target, pictures).replace(" · ", ", ")}`;
}
