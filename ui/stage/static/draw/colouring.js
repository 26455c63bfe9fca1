// What colour the marks of a picture have, computed once for the pictures looked at last.

import { mix } from "../model/mixture.js";
import { strongest } from "../model/shares.js";
import { pictureAt } from "../model/timeline.js";
import { paintMarks } from "./colour-views.js";
import { shareColours } from "./theme.js";

/** How many arrays are kept: those of a few pictures and of the ones before them. */
const KEPT = 12;

/**
 * What is coloured: a run at picture `index`, or `override` while a mean is being dragged.
 * @typedef {{ run: Run, model: Model, view: View, theme: Theme, glyphed: boolean, pies: boolean, index: number, marks: Marks,
 *   override: Components | null }} Coloured
 */

export class Colouring {
  /** @param {Coloured} pane */
  constructor(pane) {
    this.pane = pane;
    /** @type {Map<string, any>} */
    this.arrays = new Map();
  }

  /** Other marks, other colours, or another run. */
  clear() {
    this.arrays.clear();
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => T} make
   * @returns {T}
   */
  kept(key, make) {
    if (!this.arrays.has(key)) {
      if (this.arrays.size > KEPT)
        this.arrays.delete(/** @type {string} */ (this.arrays.keys().next().value));
      this.arrays.set(key, make());
    }
    return this.arrays.get(key);
  }

  /**
   * Shares of the marks, N x R in rows, under components.
   * @param {Components} components
   */
  sharesUnder(components) {
    const { marks, model } = this.pane;
    return model.shares(marks, components);
  }

  /** @param {number} t */
  sharesAt(t) {
    const { model, run, view } = this.pane;
    return this.kept(`shares ${t}`, () => this.sharesUnder(model.at(run, 2 * t, view)));
  }

  /** The responsibilities that colour the picture; null before the first E-step. */
  get responsibilities() {
    const { colours } = pictureAt(this.pane.index);
    return this.pane.run.states && colours >= 0 ? this.sharesAt(colours) : null;
  }

  /** @param {Float64Array | null} shares */
  paint(shares) {
    const { theme, run, view, marks } = this.pane;
    const { labels, x } = marks;
    const coloured = {
      labels,
      labelColours: run.label_colours,
      n: x.length,
      colours: shareColours(theme, run),
      one: view.one,
    };
    return paintMarks(view.colour, { ...coloured, shares, theme });
  }

  /**
   * Bytes, N x 3, of places that are no marks yet, under components.
   * @param {Places} places
   * @param {any} components
   */
  bytesOf(places, components) {
    const { model, run, theme, view, index, override } = this.pane;
    const begun = components && (pictureAt(index).colours >= 0 || override);
    const shares = begun ? model.shares(places, components) : null;
    const coloured = { n: places.x.length, colours: shareColours(theme, run), one: view.one, theme };
    // Nobody has named them.
    const colour = view.colour === "truth" ? "blended" : view.colour;
    return paintMarks(colour, { ...coloured, labelColours: run.label_colours, shares });
  }

  /** @param {number} t -1 for before the first E-step */
  bytesAt(t) {
    return this.kept(`bytes ${t}`, () => this.paint(t < 0 ? null : this.sharesAt(t)));
  }

  /**
   * Bytes, N x 3, of the picture, or `share` of the way from the one before.
   * @param {number} share
   */
  bytes(share) {
    const { run, override, index } = this.pane;
    if (!run.states) return this.bytesAt(-1);
    if (override) return this.paint(this.sharesUnder(override));
    const { phase, colours } = pictureAt(index);
    const now = this.bytesAt(colours);
    if (phase !== "E" || share === 1) return now;
    const before = this.bytesAt(colours - 1);
    return now.map((value, i) => before[i] + share * (value - before[i]));
  }

  /** Indices of the marks whose strongest component the last E-step changed; null where there was none before. */
  changed() {
    const { run, override, index } = this.pane;
    const { colours } = pictureAt(index);
    if (!run.states || colours < 1 || override) return null;
    return this.kept(`changed ${colours}`, () => {
      const now = this.strongestAt(colours);
      const before = this.strongestAt(colours - 1);
      /** @type {number[]} */
      const changed = [];
      for (let i = 0; i < now.length; i++) if (now[i] !== before[i]) changed.push(i);
      return changed;
    });
  }

  /** For every mark the component with the largest share, or K for the noise; null before the first E-step. */
  strongest() {
    const { run, override, index } = this.pane;
    const { colours } = pictureAt(index);
    if (!run.states || (colours < 0 && !override)) return null;
    return override ? strongest(this.sharesUnder(override), run.rows) : this.strongestAt(colours);
  }

  /** For every mark the place in the palette whose glyph it carries, negative for none; null for plain points. */
  kinds() {
    const { run, view, marks, glyphed } = this.pane;
    if (!glyphed) return null;
    if (view.colour !== "truth") return this.kinded();
    const colourOf = (/** @type {number} */ label) => (label < 0 ? -1 : run.label_colours[label]);
    return this.kept("kinds", () => Int32Array.from(marks.labels ?? [], colourOf));
  }

  /** For every mark the place of its component's glyph; none for the noise. */
  kinded() {
    const best = this.strongest();
    const { components, rows } = this.pane.run;
    return best && rows > components ? best.map((k) => (k < components ? k : -1)) : best;
  }

  /** For every mark its share of the noise; null without noise, without shares, or where labels are shown. */
  lost() {
    const { run, override, view } = this.pane;
    if (!run.states || run.rows === run.components || view.colour === "truth") return null;
    const shares = override ? this.sharesUnder(override) : this.responsibilities;
    if (!shares) return null;
    const { rows } = run;
    const take = () => lastOfEach(shares, rows);
    return override ? take() : this.kept(`lost ${pictureAt(this.pane.index).colours}`, take);
  }

  /**
   * What the marks are pies of, or `share` of the way from the picture before; null for none, and before the first
   * E-step.
   * @param {number} share
   * @returns {import("./pies.js").Pies | null}
   */
  pies(share) {
    const { run, override, index, theme } = this.pane;
    const { phase, colours: t } = pictureAt(index);
    if (!this.pane.pies || !run.states || (t < 0 && !override)) return null;
    const colours = shareColours(theme, run);
    if (override) return { shares: this.sharesUnder(override), colours, strength: 1 };
    const now = this.sharesAt(t);
    if (phase !== "E" || share === 1)
      return this.kept(`pies ${t}`, () => ({ shares: now, colours, strength: 1 }));
    if (t === 0) return { shares: now, colours, strength: share };
    return { shares: mix(this.sharesAt(t - 1), now, share), colours, strength: 1 };
  }

  /** @param {number} t */
  strongestAt(t) {
    return this.kept(`strongest ${t}`, () => strongest(this.sharesAt(t), this.pane.run.rows));
  }
}

/**
 * The last of each row of N x R shares. A loop: the like by Float64Array.from took as long as the points' densities.
 * @param {ArrayLike<number>} shares
 * @param {number} rows
 */
function lastOfEach(shares, rows) {
  const last = new Float64Array(shares.length / rows);
  for (let i = 0; i < last.length; i++) last[i] = shares[rows * (i + 1) - 1];
  return last;
}
