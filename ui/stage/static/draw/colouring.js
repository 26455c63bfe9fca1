// What colour the points of the picture have, computed once for the pictures looked at last.

import { VIEWS, largest, plain } from "./colour.js";
import { pictureAt } from "../model/timeline.js";

/** How many arrays are kept: those of a few pictures and of the ones before them. */
const KEPT = 12;

export class Colouring {
  constructor(stage) {
    this.stage = stage;
    this.arrays = new Map();
  }

  /** Other marks, other colours, or another run. */
  clear() {
    this.arrays.clear();
  }

  kept(key, make) {
    if (!this.arrays.has(key)) {
      if (this.arrays.size > KEPT) this.arrays.delete(this.arrays.keys().next().value);
      this.arrays.set(key, make());
    }
    return this.arrays.get(key);
  }

  /** Shares of the marks, N x K in rows, under components. */
  sharesUnder(components) {
    const { picture, model } = this.stage;
    return model.shares(picture.marks.x, picture.marks.y, components);
  }

  sharesAt(t) {
    const { model, run, view } = this.stage;
    return this.kept(`shares ${t}`, () => this.sharesUnder(model.at(run, 2 * t, view)));
  }

  /** The responsibilities that colour the picture; null before the first E-step. */
  get responsibilities() {
    const { colours } = pictureAt(this.stage.index);
    return this.stage.run.states && colours >= 0 ? this.sharesAt(colours) : null;
  }

  paint(shares) {
    const { theme, run, view, picture } = this.stage;
    const { labels, x } = picture.marks;
    if (view.colour === "truth") return VIEWS.truth.paint({ labels, colours: run.label_colours, theme });
    if (!shares) return plain(x.length, theme.grey);
    return VIEWS[view.colour].paint({ shares, theme, k: run.components, one: view.one });
  }

  bytesAt(t) {
    return this.kept(`bytes ${t}`, () => this.paint(t < 0 ? null : this.sharesAt(t)));
  }

  /** Bytes, n x 3, of the picture, or `share` of the way from the one before. */
  bytes(share) {
    const { run, override, index } = this.stage;
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
    const { run, override, index } = this.stage;
    const { colours } = pictureAt(index);
    if (!run.states || colours < 1 || override) return null;
    return this.kept(`changed ${colours}`, () => {
      const now = this.strongestAt(colours);
      const before = this.strongestAt(colours - 1);
      const changed = [];
      for (let i = 0; i < now.length; i++) if (now[i] !== before[i]) changed.push(i);
      return changed;
    });
  }

  /** For every mark the component with the largest share; null before the first E-step. */
  strongest() {
    const { run, override, index } = this.stage;
    const { colours } = pictureAt(index);
    if (!run.states || (colours < 0 && !override)) return null;
    return override ? largest(this.sharesUnder(override), run.components) : this.strongestAt(colours);
  }

  /** For every mark the place in the palette whose glyph it carries, negative for none; null for plain points. */
  kinds() {
    const { run, view, picture, glyphed } = this.stage;
    if (!glyphed) return null;
    if (view.colour !== "truth") return this.strongest();
    return this.kept("kinds", () =>
      Int32Array.from(picture.marks.labels, (label) => (label < 0 ? -1 : run.label_colours[label])),
    );
  }

  strongestAt(t) {
    return this.kept(`strongest ${t}`, () => largest(this.sharesAt(t), this.stage.run.components));
  }
}
