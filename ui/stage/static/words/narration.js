// What just happened, in plain words, and the reason a run ended.

import { saidOf, temperatureText } from "./algorithms.js";
import { change, ofShapes, withPowers } from "./format.js";
import { countPictures, pictureAt } from "../model/timeline.js";

/**
 * @param {number} n
 * @param {string} one
 */
const plural = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

const NOISE = " What no ellipse explains went to the noise, and turns into a grey cross.";
const GREY_SECTORS = " What no ellipse explains went to the noise, the grey of a pie.";

/** @type {Record<Phase, (happened: { run: EMRun, iteration: number, changed: number | null, pies?: boolean }) => [title: string, sentence: string]>} */
const HAPPENED = {
  start: ({ run }) => [
    "Start",
    `${plural(run.components, "ellipse")} ${run.start_placed ? "where you left them" : "at a first guess"}. No point belongs to any of them yet: press the button and each point is asked how likely every ellipse makes it.`,
  ],
  E: ({ run, iteration, changed, pies }) => [
    "E-step",
    `${saidOf(run).E({ run, iteration })}${run.answer ? ` Its ${run.answer[0]} counted too.` : ""}${run.noise ? (pies ? GREY_SECTORS : NOISE) : ""} The ellipses stood still.${
      changed === null
        ? ""
        : ` ${plural(changed, "point")} changed ${changed === 1 ? "its" : "their"} strongest colour${changed ? `, and ${changed === 1 ? "is" : "are"} ringed` : ""}.`
    }`,
  ],
  M: ({ run, iteration }) => [
    "M-step",
    `${saidOf(run).M({ run, iteration })}${run.answer ? ` Each took over the share of ${run.answer[2]} among them.` : ""}${heldBack(run)} The colours stood still.`,
  ],
};

/**
 * What else had a say in where the ellipses went.
 * @param {Run} run
 */
function heldBack({ algorithm, address: { prior, equal } }) {
  if (algorithm === "variational") return "";
  const held = prior ? " The prior added a few points that are spread like all of them." : "";
  return held + (equal ? " Their weights stayed equal, whatever they hold." : "");
}

/**
 * [title, sentence, reason to stop or ""] of a picture; `changed` points have another strongest component than
 * before, null where none had one; a hand that is `shaping` fits the mixture itself.
 * @param {{ run: EMRun, index: number, phase: Phase, changed: number | null, moving: boolean, shaping?: boolean,
 *   pies?: boolean }} picture
 * @returns {[string, string, string]}
 */
export function describe({ run, index, phase, changed, moving, shaping, pies }) {
  if (moving)
    return [
      shaping ? "By hand" : run.dimensions === 1 ? "Moving a curve" : "Moving a mean",
      "The colours follow as the next E-step would give them. Let go, and EM begins again from there.",
      "",
    ];
  if (!run.states) return ["Points", run.notice || "", ""];
  const { iteration } = pictureAt(index);
  const [title, sentence] = HAPPENED[phase]({ run, iteration, changed, pies });
  return [title, ofShapes(sentence, run), index === countPictures(run.states) - 1 ? sentenceOf(run) : ""];
}

/** @param {{ stop: Stop | null }} run */
const sentenceOf = ({ stop }) => withPowers(stop?.sentence ?? "");

/**
 * Why an M-step may lose likelihood.
 * @param {Record<string, string>} address
 */
function whyFalling({ prior, reg }) {
  if (prior) return " The prior holds the shapes: likelihood and prior together have not fallen.";
  if (reg)
    return " Regularisation widened the ellipses after the step: that is another aim than the likelihood.";
  return " The ellipses of the start were not of this family.";
}

/**
 * What this half-step did to what the curve shows, and to the bound beneath it where there is one.
 * @param {EMRun} run
 * @param {Phase} phase
 * @param {number} iteration
 */
export function describeGain(run, phase, iteration) {
  const { curve, bounds, address } = run;
  const [now, before] = [curve[iteration], curve[iteration - 1]];
  if (phase === "start") return ofShapes(saidOf(run).why, run);
  const { temperatures } = run;
  const warmth =
    temperatures && temperatures[iteration] > 1
      ? ` Temperature ${temperatureText(temperatures[iteration])}.`
      : "";
  if (!bounds) return describeGainAlone(phase, now, before);
  const gained = describeGainOf(phase, { iteration, now, before, gap: now - bounds[iteration], address });
  return ofShapes(gained + warmth, run);
}

/**
 * Of a curve without a bound beneath it.
 * @param {Phase} phase
 * @param {number} now
 * @param {number} before
 */
function describeGainAlone(phase, now, before) {
  if (phase === "E") return "It is worked out with the shares that the points have now.";
  const gained = change(now - before, now);
  return gained === "nothing"
    ? "This step gained nothing."
    : `${now < before ? "" : "+"}${gained} by this step.`;
}

/**
 * Of a curve and the bound that lies `gap` beneath it.
 * @param {Phase} phase
 * @param {{ iteration: number, now: number, before: number, gap: number, address: Record<string, string> }} values
 */
function describeGainOf(phase, { iteration, now, before, gap: below, address }) {
  const gap = change(below, now);
  if (phase === "E")
    return !iteration
      ? "The E-step puts the bound right up to it."
      : gap === "nothing"
        ? "The E-step had no gap to close."
        : `The E-step closed the gap of ${gap}: the bound meets it.`;
  const gained = change(now - before, now);
  if (gained === "nothing") return "This M-step gained nothing: the bound was as high as it can be.";
  return `${now < before ? "" : "+"}${gained} by this M-step: it raised the bound, which now lies ${gap} below.${now < before ? whyFalling(address) : ""}`;
}

const BOTH = {
  start:
    "The same centres for both, and no point belongs to any of them yet. K-Means will give each point whole to the nearest centre; the mixture shares it out.",
  E: "Left, every point went to the nearest centre; right, it was shared out by how well each component explains it. Nothing moved.",
  M: "Left, every centre moved to the mean of its points; right, every component took the mean and the spread of the points, each counted by its share. The colours stood still.",
};

/**
 * [title, sentence, reasons to stop or ""] of two pictures, K-Means' and the mixture's; `ended` says which of them
 * has come to rest, `apart` are the points on which they differ.
 * @param {{ run: Run, kmeans: Run, phase: Phase, apart: number[] | null, moving: boolean, last: boolean,
 *   ended: boolean[] }} pictures
 * @returns {[string, string, string]}
 */
export function describeBoth({ run, kmeans, phase, apart, moving, last, ended }) {
  if (moving)
    return ["Moving a centre", "It moves in both. Let go, and both begin again from these centres.", ""];
  if (!run.states) return ["Points", run.notice || "", ""];
  const title = { start: "Start", E: "Assign | E-step", M: "Move | M-step" }[phase];
  const rest = ended[0] === ended[1] ? "" : ` ${ended[0] ? "K-Means" : "The mixture"} has already stopped.`;
  const rings = phase === "E" && apart?.length ? " The two disagree on the ringed points." : "";
  const reasons = `K-Means: ${sentenceOf(kmeans)} Mixture: ${sentenceOf(run)}`;
  return [title, BOTH[phase] + rings + rest, last ? reasons : ""];
}
