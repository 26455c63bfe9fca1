// How the points may be coloured. What the ways are called comes from Python, ui/stage/choices.py.

import { strongest } from "../model/shares.js";
import { blend, byIndex, plain, ramp } from "./colour.js";

/**
 * What there is to colour n marks by: `shares` (N x R in rows), null before the first E-step, and the `colours` of
 * the R; `labels`, and the place in the palette of each; the `one` component that is looked at.
 * @typedef {{ n: number, shares: Float64Array | null, colours: string[], one: number,
 *   labels?: Int32Array | null, labelColours: number[], theme: Theme }} Coloured
 */

/** @typedef {Coloured & { shares: Float64Array }} Shared */

/** By the shares. @type {Record<string, (coloured: Shared) => Uint8Array>} */
const BY_SHARES = {
  blended: ({ shares, colours }) => blend(shares, colours),
  hard: ({ shares, theme, colours }) => byIndex(strongest(shares, colours.length), colours, theme.grey),
  uncertainty: ({ shares, theme, colours }) => {
    const k = colours.length;
    // 1 - max, with one half, two equal claims, at the far end of the ramp.
    const torn = Float64Array.from(strongest(shares, k), (j, i) => Math.min(1, 2 * (1 - shares[i * k + j])));
    return ramp(torn, theme.faint, theme.alarm);
  },
  component: ({ n, shares, theme, colours, one }) => {
    const share = Float64Array.from({ length: n }, (_, i) => shares[i * colours.length + one]);
    return ramp(share, theme.faint, theme.palette[one]);
  },
};

/** By something else, before the first E-step too. @type {Record<string, (coloured: Coloured) => Uint8Array>} */
const BY_LABELS = {
  truth: ({ labels, labelColours, theme }) =>
    byIndex(
      labels ?? [],
      labelColours.map((colour) => theme.palette[colour]),
      theme.grey,
    ),
};

/** The names of all of them. */
export const COLOUR_VIEWS = [...Object.keys(BY_SHARES), ...Object.keys(BY_LABELS)];

/**
 * Bytes, N x 3, of the marks in a view; grey while there are no shares to colour them by.
 * @param {string} view
 * @param {Coloured} coloured
 */
export function paintMarks(view, coloured) {
  const { n, shares, theme } = coloured;
  if (view in BY_LABELS) return BY_LABELS[view](coloured);
  return shares ? BY_SHARES[view]({ ...coloured, shares }) : plain(n, theme.grey);
}
