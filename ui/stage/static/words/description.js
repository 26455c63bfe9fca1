// What is seen on a picture, in words: how many components, where, of what weight, and how sure the points are.

import { largest } from "../draw/colour.js";
import { count, digits, inUnits, percent } from "./format.js";

/** A point whose largest share is below this belongs to no component alone. */
const SURE = 0.9;

const PHASES = { start: "The start", E: "E-step", M: "M-step" };

/** How surely the marks, each standing for sizes[i] points, belong to one component. */
function sureness(shares, k, sizes) {
  const strongest = largest(shares, k);
  let total = 0;
  let sum = 0;
  let torn = 0;
  for (let i = 0; i < strongest.length; i++) {
    const share = shares[i * k + strongest[i]];
    const size = sizes?.[i] ?? 1;
    total += size;
    sum += size * share;
    if (share < SURE) torn += size;
  }
  return `On average a point gives ${percent(sum / total)} of itself to one component; ${count(torn)} of ${count(total)} points ${torn === 1 ? "is" : "are"} torn: no component has ${percent(SURE, 0)} of ${torn === 1 ? "it" : "one"}.`;
}

/** How many points each of k components holds whole. */
function held(shares, k, sizes) {
  const counts = new Float64Array(k);
  largest(shares, k).forEach((j, i) => (counts[j] += sizes?.[i] ?? 1));
  return counts;
}

/** Sentences on a mixture: `shares` are those the colours show, null before the first E-step. */
export function describeMixture({ run, phase, iteration, components, shares, spans, marks }) {
  const k = run.components;
  const parts = Array.from({ length: k }, (_, j) => {
    const [xx, , yy] = components.covariances.subarray(3 * j, 3 * j + 3);
    return `${j + 1} at ${place(components.means, j, spans)}, weight ${percent(components.weights[j])}, spread ${digits(Math.sqrt(xx))} by ${digits(Math.sqrt(yy))}`;
  });
  const soft = shares ? sureness(shares, k, marks.sizes) : "No point belongs to any of them yet.";
  return `${opening(run, phase, iteration)} ${count(run.n)} points, K = ${k} ellipses. ${parts.join("; ")}. ${soft}`;
}

/** Sentences on K-Means, whose points belong whole to one centre. */
export function describeClusters({ run, phase, iteration, components, shares, spans, marks }) {
  const k = run.components;
  const counts = shares && held(shares, k, marks.sizes);
  const parts = Array.from(
    { length: k },
    (_, j) =>
      `${j + 1} at ${place(components.means, j, spans)}${counts ? `, ${count(counts[j])} points` : ""}`,
  );
  const hard = shares
    ? "Every point belongs whole to the nearest centre."
    : "No point belongs to any of them yet.";
  return `K-Means. ${opening(run, phase, iteration)} ${count(run.n)} points, K = ${k} centres. ${parts.join("; ")}. ${hard}`;
}

const opening = (run, phase, iteration) =>
  `${PHASES[phase]}${phase === "start" ? "" : `, iteration ${iteration}`}. ${run.columns[0]} across, ${run.columns[1]} upwards.`;

const place = (means, j, spans) =>
  `(${inUnits(means[2 * j], spans[0])}, ${inUnits(means[2 * j + 1], spans[1])})`;
