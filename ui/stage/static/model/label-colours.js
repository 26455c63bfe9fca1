// Which component's colour a true label is shown in: that of the one that holds most of its points.

import { evaluate } from "./log-joint.js";
import { matched } from "./agreement.js";

/**
 * For every label its place in a palette of `colours`, as ui/stage/codec.py has it.
 * @param {{ x: Float64Array, y: Float64Array, labels: Int32Array, label_names: string[] }} points
 * @param {Mixture} mixture
 * @param {number} colours
 */
export function labelColours({ x, y, labels, label_names: names }, mixture, colours) {
  const k = mixture.weights.length;
  const { responsibilities } = evaluate(x, y, mixture);
  const shared = names.map(() => new Float64Array(k));
  labels.forEach((label, i) => {
    if (label >= 0) for (let j = 0; j < k; j++) shared[label][j] += responsibilities[i * k + j];
  });
  const paired = matched(shared);
  const unused = Array.from({ length: colours }, (_, colour) => colour).filter((c) => !paired.includes(c));
  return paired.map((colour) => (colour < 0 ? (unused.shift() ?? 0) : colour));
}
