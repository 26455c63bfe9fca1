// A run of T states is 2T pictures: start, E of state 0, M of state 1, E of state 1, M of state 2, ...
// The M picture is the new state's ellipses with the colours of the state before.

/** How many pictures a run of `states` states has; without a run there is one, of points alone. */
export const countPictures = (states) => Math.max(1, 2 * states);

/** Which state's ellipses and which state's colours picture `index` shows; -1 stands for no colours yet. */
export function pictureAt(index) {
  if (index === 0) return { phase: "start", iteration: 0, colours: -1 };
  if (index % 2) return { phase: "E", iteration: (index - 1) / 2, colours: (index - 1) / 2 };
  return { phase: "M", iteration: index / 2, colours: index / 2 - 1 };
}

/** What people call picture `index`: an iteration is an M-step and the E-step after it; one E-step comes before. */
export function nameOf(index, pictures) {
  const { phase, iteration } = pictureAt(index);
  if (phase === "start") return "start";
  const of = pictures / 2 - 1;
  return iteration
    ? `iteration ${iteration} of ${of} · ${phase}-step`
    : `first E-step · ${of} iteration${of === 1 ? "" : "s"} to come`;
}

/** What a picture of `what` is called as a file: after the data, and unless it is the last, after its place. */
export function fileNameOf(name, what, index, pictures) {
  const { phase, iteration } = pictureAt(index);
  const place = phase === "start" ? "start" : `${phase.toLowerCase()}-step-${iteration}`;
  return [name, what, ...(index === pictures - 1 ? [] : [place])].join("-");
}

const ENDS = {
  CONVERGED: "Converged",
  COMPONENT_COLLAPSED: "Stopped: a component collapsed",
  LIKELIHOOD_FELL: "Stopped: the likelihood fell",
  STEP_LIMIT: "Stopped at the step limit",
};

/** How a run ended, in a few words. */
export const ended = ({ stop }) => ENDS[stop.reason];

/** What the button that goes on from picture `index` should say. */
export function nextAction(index, run) {
  if (index >= countPictures(run.states) - 1) return ended(run);
  return pictureAt(index).phase === "E" ? "M-step: move the ellipses" : "E-step: colour the points";
}
