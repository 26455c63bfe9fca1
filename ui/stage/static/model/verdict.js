// How near a guess was to what came of it.

/** A place is right within this part of what is close. */
const THERE = 1 / 4;

/**
 * @param {number[]} place
 * @param {number[]} other
 */
export const distance = (place, other) => Math.hypot(...place.map((value, axis) => value - other[axis]));

/**
 * A number is right within half of what people can tell apart, and close as far as the lesson says.
 * @param {Prediction} prediction
 * @param {Guess} guess
 * @returns {Verdict}
 */
export function verdictOn(prediction, guess) {
  if (prediction.kind === "choice") return guess === prediction.actual ? "right" : "far";
  if (prediction.kind === "place") {
    const away = distance(/** @type {number[]} */ (guess), prediction.actual);
    if (away <= THERE * prediction.near) return "right";
    return away <= prediction.near ? "close" : "far";
  }
  const gap = Math.abs(Number(guess) - prediction.actual);
  if (gap < prediction.step / 2) return "right";
  return gap <= prediction.near ? "close" : "far";
}
