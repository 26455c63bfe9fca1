// The keys of the stage, wherever the focus is; what uses a key itself keeps it.

import { PRESSED } from "./orbit.js";

/** @typedef {import("../stages/stage.js").Stage} Stage */

/** With Shift arrows turn hills, where hills are seen. @type {Record<string, (stage: Stage) => unknown>} */
const TURNS = {
  ArrowRight: (stage) => stage.turn(PRESSED, 0),
  ArrowLeft: (stage) => stage.turn(-PRESSED, 0),
  ArrowUp: (stage) => stage.turn(0, PRESSED / 3),
  ArrowDown: (stage) => stage.turn(0, -PRESSED / 3),
};

/** @type {Record<string, (stage: Stage) => unknown>} */
const ACTS = {
  ArrowRight: (stage) => stage.goTo(stage.index + 1),
  ArrowLeft: (stage) => stage.goTo(stage.index - 1),
  " ": (stage) => stage.player.toggle(),
  Home: (stage) => stage.goTo(0),
  End: (stage) => stage.goTo(Infinity),
  1: (stage) => stage.setSpeed(1),
  2: (stage) => stage.setSpeed(2),
  3: (stage) => stage.setSpeed(3),
  4: (stage) => stage.setSpeed(4),
  s: (stage) => stage.setView({ drawn: stage.view.drawn === "instead" ? "off" : "instead" }),
  f: (stage) => stage.sizing?.fullScreen(),
  p: (stage) => stage.presentation.toggle(),
  0: (stage) => stage.fit(),
  "+": (stage) => stage.zoom(0.8),
  "-": (stage) => stage.zoom(1.25),
  Escape: (stage) => (stage.asked ? stage.ask(null) : stage.presentation.leave()),
};

/** What people type in, choose from with keys, or walk about in: every key is its own. */
const BUSY = [
  "textarea",
  "select",
  "[contenteditable='true']",
  "[contenteditable='']",
  "iframe",
  "input:not([type='range'], [type='checkbox'], [type='radio'], [type='button'], [type='submit'], [type='file'])",
  ...[
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "option",
    "menu",
    "menuitem",
    "dialog",
    "grid",
    "tree",
    "spinbutton",
  ].map((role) => `[role='${role}']`),
].join(",");
const SLIDERS = "[role='slider'], input[type='range']";
/** Arrows walk from one of these to the next. */
const CHOICES =
  "[role='radio'], input[type='radio'], [role='tab'], [role='toolbar'] *, [role='radiogroup'] *";

const MOVES = /^(Arrow|Home|End|Page)/;

/**
 * Whether the element that has the focus does something with this key.
 * @param {Element} target
 * @param {string} key
 * @param {Element | null} pointed what a pointer was last pressed on
 */
function keeps(target, key, pointed) {
  if (target.closest(BUSY)) return true;
  if (target.matches(SLIDERS)) return MOVES.test(key);
  // What was clicked has the focus by the way; what was reached in another manner is meant.
  if (pointed && (target.contains(pointed) || pointed.closest("label")?.contains(target))) return false;
  return key === " "
    ? target.matches("button, summary, a, input, [role], [tabindex]")
    : MOVES.test(key) && target.matches(CHOICES);
}

/**
 * Listens for the keys of `stage` on the whole page; the answer stops it.
 * @param {Stage} stage
 */
export function listen(stage) {
  /** What a pointer was last pressed on, until the focus goes on with Tab. @type {Element | null} */
  let pointed = null;
  /** @type {string | undefined} */
  let used;
  // Some browsers press a button when the space bar comes up again.
  const lift = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== used) return;
    used = undefined;
    event.preventDefault();
  };
  const point = (/** @type {Event} */ { target }) => (pointed = target instanceof Element ? target : null);
  const press = (/** @type {KeyboardEvent} */ event) => {
    const { target, key } = event;
    if (key === "Tab") pointed = null;
    if (!stage.run || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
    const inside = stage.root.contains(target);
    // A key on the stage first reaches what it stands on: a mean to be moved, a dial.
    if (event.eventPhase === Event.CAPTURING_PHASE ? inside : event.defaultPrevented) return;
    const acts = event.shiftKey && stage.hilly && TURNS[key] ? TURNS : ACTS;
    const act = key === "Escape" && !inside ? undefined : acts[key];
    if (
      !act ||
      (!(inside && target === stage.root) && !isScrubber(stage, target) && keeps(target, key, pointed))
    )
      return;
    act(stage);
    used = key;
    event.preventDefault();
    // Streamlit has shortcuts of its own.
    event.stopPropagation();
  };
  // Elsewhere it closes other things first, a bubble or a list.
  const leave = (/** @type {KeyboardEvent} */ { target, key, defaultPrevented }) => {
    if (key !== "Escape" || defaultPrevented || !stage.presentation.on || !(target instanceof Element))
      return;
    if (!keeps(target, key, pointed)) ACTS.Escape(stage);
  };
  // The page's widgets hear of a key only after the stage.
  window.addEventListener("keydown", press, true);
  stage.root.addEventListener("keydown", press);
  window.addEventListener("keydown", leave);
  window.addEventListener("keyup", lift, true);
  window.addEventListener("pointerdown", point, true);
  return () => {
    window.removeEventListener("keydown", press, true);
    window.removeEventListener("keydown", leave);
    window.removeEventListener("keyup", lift, true);
    window.removeEventListener("pointerdown", point, true);
  };
}

/**
 * @param {Stage} stage
 * @param {Element} target
 */
const isScrubber = (stage, target) => target === stage.transport.scrubber;
