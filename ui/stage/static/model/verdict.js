// How near a guess was to what came of it.

/**
 * A number is right within half of what people can tell apart, and close as far as the lesson says.
 * @param {Prediction} prediction
 * @param {Guess} guess
 * @returns {Verdict}
 */
export function verdictOn(prediction, guess) {
  if (prediction.kind === "choice") return guess === prediction.actual ? "right" : "far";
  const gap = Math.abs(Number(guess) - prediction.actual);
  if (gap < prediction.step / 2) return "right";
  return gap <= prediction.near ? "close" : "far";
}
