// Colours of many points at once, as bytes (N x 3): blended by shares, by kind, or along a ramp.

import { toOklab, writeOklab } from "./oklab.js";

/**
 * [r, g, b] from 0 to 255 of "#rgb", "#rrggbb" or "rgb(r, g, b)".
 * @param {string} text
 */
export function parseColour(text) {
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text;
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }
  return (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/**
 * Of points with shares (N x K in rows) of the K colours: a half-and-half point looks half-and-half.
 * @param {ArrayLike<number>} shares
 * @param {string[]} colours
 */
export function blend(shares, colours) {
  const k = colours.length;
  const labs = colours.map((colour) => toOklab(parseColour(colour)));
  const out = new Uint8Array((shares.length / k) * 3);
  for (let i = 0, at = 0; at < out.length; i += k, at += 3) {
    let L = 0;
    let a = 0;
    let b = 0;
    for (let j = 0; j < k; j++) {
      const share = shares[i + j];
      L += share * labs[j][0];
      a += share * labs[j][1];
      b += share * labs[j][2];
    }
    writeOklab(L, a, b, out, at);
  }
  return out;
}

/**
 * Of points by the index of their colour; `none` for a negative one.
 * @param {ArrayLike<number>} indices
 * @param {string[]} colours
 * @param {string} none
 */
export function byIndex(indices, colours, none) {
  const table = [...colours, none].map(parseColour);
  const out = new Uint8Array(indices.length * 3);
  for (let i = 0, at = 0; i < indices.length; i++, at += 3) {
    const colour = table[indices[i] < 0 ? colours.length : indices[i]];
    out[at] = colour[0];
    out[at + 1] = colour[1];
    out[at + 2] = colour[2];
  }
  return out;
}

/**
 * Of values from 0 (`low`) to 1 (`high`).
 * @param {ArrayLike<number>} values
 * @param {string} low
 * @param {string} high
 */
export function ramp(values, low, high) {
  const shares = new Float64Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    shares[2 * i] = 1 - values[i];
    shares[2 * i + 1] = values[i];
  }
  return blend(shares, [low, high]);
}

/**
 * Of n points in one colour.
 * @param {number} n
 * @param {string} colour
 */
export const plain = (n, colour) => byIndex(new Int32Array(n).fill(-1), [], colour);
