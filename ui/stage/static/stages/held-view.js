// How the pictures are drawn: each stage owns one, and nobody else holds it. Python says what it wants of it with
// every message, and only what it says anew counts; the address and Python are told how it is, by the reporter; the
// host hands that of the stage left last to the next one.

import { nearestLevel } from "../model/levels.js";
import { MOST_PIES } from "../draw/pies.js";

export class HeldView {
  /** @param {HeldView} [earlier] that of a stage before, which this one goes on with */
  constructor(earlier) {
    this.values = /** @type {View} */ (Object.assign({}, earlier && earlier.values));
    /** Whether people opened the formula, or closed it; null for neither. */
    this.formula = /** @type {boolean | null} */ (earlier ? earlier.formula : null);
    /** What Python has said last. */
    this.told = /** @type {Partial<View>} */ (Object.assign({}, earlier && earlier.told));
  }

  /**
   * What Python says anew, as when a session is opened; all else stays as people have it.
   * @param {View} told
   * @param {Choices} choices
   */
  hear(told, choices) {
    const before = /** @type {Record<string, unknown>} */ (this.told);
    const news = Object.fromEntries(
      Object.entries(told).filter(([name, value]) => String(value) !== String(before[name])),
    );
    Object.assign(this.values, news);
    this.values.level = nearestLevel(choices.levels, this.values.level);
    this.told = told;
  }

  /**
   * Leaves what another run has not.
   * @param {Run} run
   */
  fit({ states, components, labels, dimensions, choices }) {
    const { values } = this;
    const backgrounds = dimensions === 1 ? choices.line_backgrounds : choices.backgrounds;
    if (!backgrounds.some(([name]) => name === values.behind)) values.behind = "nothing";
    if (values.colour === "component" && states && values.one >= components) {
      Object.assign(values, { colour: "blended", one: 0 });
    }
    if (values.colour === "truth" && !labels) values.colour = "blended";
    if (dimensions <= Math.max(...values.pair, 2)) values.pair = [];
  }

  /**
   * Equal scale unless the columns' ranges are so unlike that one of them would be a line.
   * @param {Run} run
   */
  scaleFor(run) {
    return this.values.scale === "auto" || run.dimensions === 1 ? run.scale : this.values.scale;
  }

  /**
   * Whether points carry the sign of their component, or of their class where its colour is seen.
   * @param {Run} run
   */
  glyphedFor({ label_names, components, glyphs_from }) {
    const { colour, glyphs } = this.values;
    const kinds = colour === "truth" ? label_names.length : components;
    return glyphs === "on" || (glyphs === "auto" && kinds >= glyphs_from);
  }

  /**
   * The choice that turns glyphs off where they are on, and the other way; what is usual here is no choice, and
   * follows the components.
   * @param {Run} run
   */
  otherGlyphs(run) {
    const wanted = !this.glyphedFor(run);
    this.values.glyphs = "auto";
    if (this.glyphedFor(run) === wanted) return "auto";
    return wanted ? "on" : "off";
  }

  /**
   * Whether every point is a pie of its shares: not where labels are seen, which have none, nor where too many lie.
   * @param {Run} run
   */
  piesFor({ n, cells }) {
    const { colour, glyphs } = this.values;
    return glyphs === "pies" && colour !== "truth" && !cells && n <= MOST_PIES;
  }

  /**
   * What the address must hold of it, beside the picture's number `at`: what is not usual.
   * @param {number} at
   * @param {Record<string, string>} defaults
   */
  parameters(at, defaults) {
    const own = { ...this.values, at, level: Number(this.values.level.toFixed(2)) };
    const texts = Object.entries(own).map(([name, value]) => [name, textOf(value)]);
    return Object.fromEntries(texts.filter(([name, text]) => text !== defaults[name]));
  }
}

/** @param {string | number | boolean | number[]} value */
const textOf = (value) => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));
