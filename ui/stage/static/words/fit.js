// What the check of fit says: where more points lie, or fewer, than the model expects.

import { bandOf, chanceOfAtLeast, distanceOf } from "../model/fit-check.js";
import { count, percent } from "./format.js";

/** The part of the model's mass that is its outermost. */
const OUTERMOST = 0.01;

/** More points than these in it are a matter of chance once in a hundred. */
const RARE = 0.01;

/**
 * The sentence on sorted percentiles, and what it rests on.
 * @param {ArrayLike<number>} sorted
 */
export function describeFit(sorted) {
  const n = sorted.length;
  const { distance, at, share, thin } = distanceOf(sorted);
  const band = bandOf(n);
  const within = distance <= band;
  const outer = Array.from(sorted).filter((value) => value < OUTERMOST).length;
  const heavy = chanceOfAtLeast(outer, n, OUTERMOST) < RARE;
  const sentences = [];
  if (heavy) {
    const expected = OUTERMOST * n < 1 ? "fewer than 1" : `about ${count(Math.round(OUTERMOST * n))}`;
    sentences.push(
      `More points lie where the model is thinnest than it expects: ${count(outer)} of ${count(n)} in its outermost 1%, where it expects ${expected}; an outlier or a heavy tail.`,
    );
  }
  if (within) {
    sentences.push(
      heavy
        ? "All the same the line stays within the band."
        : "About as many points lie in the model's thin places and in its dense ones as it expects: the line stays within the band.",
    );
  } else if (thin) {
    sentences.push(
      `More points lie in the model's thin places than it expects: ${percent(share)} of them in the thinnest ${percent(at)} of its mass. The line leaves the band.`,
    );
  } else {
    sentences.push(
      `Points crowd where the model is denser, more than it expects: only ${percent(share)} of them lie in the thinnest ${percent(at)} of its mass. The line leaves the band.`,
    );
  }
  return { sentence: sentences.join(" "), distance, band, within };
}
