// What is drawn of a sample from the mixture: in the colours of the data in their place, or as hollow marks in ink beside
// them.

import { noiseRegion } from "../model/noise-region.js";
import { MOST_DRAWN, PER_POINT, numbersOf, sampleOf } from "../model/sampling.js";
import { strongest } from "../model/shares.js";
import { paintMarks } from "./colour-views.js";
import { plain } from "./colour.js";
import { shareColours } from "./theme.js";

/** Marks beside the data are smaller than those, by so much. */
const BESIDE = 0.72;

/** How opaque the data are. @type {Record<string, number>} */
export const DATA_SEEN = { off: 1, beside: 0.55, instead: 0 };

/**
 * Whose sample it is. `sample` is "off", "beside" or "instead".
 * @typedef {{ run: Run, model: Model, view: View, theme: Theme, glyphed: boolean, pies: boolean, sample: string }} Sampled
 */

/**
 * Marks as a layer of points takes them up, and how they look.
 * @typedef {{ marks: { n: number, x: Float64Array, y: Float64Array, binary?: Uint8Array, heights?: Float64Array },
 *   size: number, bytes: Uint8Array, kinds: Int32Array | null, lost: Float64Array | null, pies: import("./pies.js").Pies | null }} SampleDrawn
 */

export class SampleOfModel {
  /** @param {Sampled} pane */
  constructor(pane) {
    this.pane = pane;
    this.numbers = new Float64Array();
    this.clear();
  }

  /** Another way to draw it. */
  clear() {
    /** @type {{ mixture: Mixture | null, run: Run | null, drawn: SampleDrawn | null }} */
    this.kept = { mixture: null, run: null, drawn: null };
  }

  /** As many as there are data, if those are not too many. */
  get n() {
    return Math.min(MOST_DRAWN, this.pane.run.n);
  }

  /**
   * The sample from a mixture; null where none is asked for.
   * @param {Mixture | null} mixture
   */
  of(mixture) {
    const { run, sample } = this.pane;
    if (sample === "off" || !mixture) return null;
    if (this.kept.mixture !== mixture || this.kept.run !== run) {
      this.kept = { mixture, run, drawn: this.draw(mixture) };
    }
    return this.kept.drawn;
  }

  /**
   * @param {Mixture} mixture
   * @returns {SampleDrawn}
   */
  draw(mixture) {
    const { run, theme, sample } = this.pane;
    if (this.numbers.length / PER_POINT !== this.n) this.numbers = numbersOf(this.n);
    const { n, x, y, binary, from } = sampleOf(mixture, this.numbers, noiseRegion(run));
    const heights = run.heights?.slice(0, n);
    const marks = { n, x, y, binary: binary ?? undefined, ...(heights && { heights }) };
    if (sample === "instead") return { marks, size: 1, ...this.coloured(marks, from, mixture) };
    const hollow = new Uint8Array(n);
    return {
      marks: { ...marks, binary: hollow },
      size: BESIDE,
      bytes: plain(n, theme.text),
      kinds: null,
      lost: null,
      pies: null,
    };
  }

  /**
   * As the data would look: by the shares that the mixture gives the drawn points, or, where true labels are seen, by
   * the component that each came from.
   * @param {SampleDrawn["marks"]} marks
   * @param {Int32Array} from
   * @param {Mixture} mixture
   */
  coloured(marks, from, mixture) {
    const { run, model, view, theme, glyphed, pies } = this.pane;
    const { rows, components } = run;
    // Of more columns than are seen only two are drawn, so their shares cannot be told.
    const shares = run.dimensions > 2 ? wholeShares(from, rows) : model.shares(marks, mixture);
    const truth = view.colour === "truth";
    const colours = shareColours(theme, run);
    const labelColours = Array.from({ length: components }, (_, k) => k);
    const what = { n: marks.n, shares, colours, one: view.one, labels: from, labelColours, theme };
    const best = strongest(shares, rows).map((k) => (k < components ? k : -1));
    const noisy = rows > components && !truth;
    return {
      bytes: paintMarks(view.colour, what),
      kinds: glyphed ? (truth ? from : best) : null,
      lost: noisy ? Float64Array.from({ length: marks.n }, (_, i) => shares[rows * (i + 1) - 1]) : null,
      pies: pies ? { shares, colours, strength: 1 } : null,
    };
  }
}

/**
 * Shares (N x R in rows) of points that belong whole to what each came from, the noise being the last.
 * @param {Int32Array} from
 * @param {number} rows
 */
function wholeShares(from, rows) {
  const shares = new Float64Array(from.length * rows);
  from.forEach((k, i) => (shares[i * rows + (k < 0 ? rows - 1 : k)] = 1));
  return shares;
}

/**
 * What a note on the picture says, so that nobody takes the sample for data.
 * @param {string} sample
 * @param {number} n
 * @param {Run} run
 */
export function sampleNote(sample, n, run) {
  if (sample === "off") return [];
  const many = n < run.n ? `, of ${run.n.toLocaleString("en")} in the data` : "";
  const points = `${n.toLocaleString("en")} points drawn from the model${many}`;
  if (sample === "beside") return [`Hollow: ${points}. Faded: the data.`];
  const whole = run.dimensions > 2 ? ", each in the colour of its component" : "";
  return [`${points}${whole}; the data are hidden.`];
}
