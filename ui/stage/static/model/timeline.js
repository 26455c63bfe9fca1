// A run of T states is 2T pictures: start, E of state 0, M of state 1, E of state 1, M of state 2, ...
// The M picture is the new state's ellipses with the colours of the state before.

/**
 * How many pictures a run of `states` states has; without a run there is one, of points alone.
 * @param {number} states
 */
export const countPictures = (states) => Math.max(1, 2 * states);

/**
 * Which state's ellipses (`iteration`) and which state's colours picture `index` shows; -1 stands for no
 * colours yet.
 * @param {number} index
 * @returns {{ phase: Phase, iteration: number, colours: number }}
 */
export function pictureAt(index) {
  if (index === 0) return { phase: "start", iteration: 0, colours: -1 };
  if (index % 2) return { phase: "E", iteration: (index - 1) / 2, colours: (index - 1) / 2 };
  return { phase: "M", iteration: index / 2, colours: index / 2 - 1 };
}

/**
 * The next picture after `index` of a phase, or the last one of it where none follows; −1 where there is none at all.
 * @param {Phase} phase
 * @param {number} index
 * @param {number} pictures
 */
export function nextOf(phase, index, pictures) {
  if (phase === "start") return 0;
  const first = phase === "E" ? 1 : 2;
  const next = Math.max(first, index + 1 + ((index + 1 + first) % 2));
  const last = pictures - 1 - ((pictures - 1 + first) % 2);
  return last < first ? -1 : Math.min(next, last);
}
