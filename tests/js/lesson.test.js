import assert from "node:assert/strict";
import { test } from "node:test";

import { Progress } from "../../ui/stage/static/controls/lesson/progress.js";
import { distance, verdictOn } from "../../ui/stage/static/model/verdict.js";
import { readLesson } from "../../ui/stage/static/protocol/lesson.js";
import { fill, sayDone, sayOwn, sayVerdict, titleOf, written } from "../../ui/stage/static/words/lesson.js";

const NUMBER = { kind: "number", low: 0, high: 100, step: 5, near: 10, decimals: 0, actual: 58.3 };
const CHOICE = { kind: "choice", options: ["same", "higher"], actual: "higher" };
const PLACE = { kind: "place", columns: ["x", "y"], near: 0.4, decimals: 2, actual: [1, -2] };
const LINE = { ...PLACE, columns: ["x"], actual: [2.8092] };

const PAGE = {
  said: "You said {guess}.",
  right: "That is what happened.",
  close: "It is {answer}: close.",
  far: "It is {answer}.",
  wrong: "What happened is: {answer}.",
  placed: "Your flag stood at {guess}.",
  place_right: "Within {distance}.",
  place_close: "The place is {answer}, {distance} away, close.",
  place_far: "The place is {answer}, {distance} away.",
  done: "{done} of {all} done",
};

/** A lesson in the middle of its reveal. */
const view = (prediction, guess, comma = ".") => ({
  message: {
    prediction,
    course: [
      { name: "a", title: { en: "One" } },
      { name: "b", title: { en: "Two" } },
    ],
  },
  said: { options: { same: "the same", higher: "higher up" } },
  page: PAGE,
  comma,
  language: "en",
  guess,
  verdict: verdictOn(prediction, guess),
  done: { b: "far", gone: "right" },
});

/** A message as ui/stage/codec.py packs it: the arrays behind the header, each at a multiple of 8. */
function packed(header, arrays) {
  let offset = 0;
  const places = {};
  for (const [name, bytes] of Object.entries(arrays)) {
    places[name] = { type: "u8", offset, length: bytes.length };
    offset += Math.ceil(bytes.length / 8) * 8;
  }
  let text = JSON.stringify({ ...header, arrays: places });
  text = text.padEnd(Math.ceil(text.length / 8) * 8);
  const message = new Uint8Array(8 + text.length + offset);
  message.set(new TextEncoder().encode("GMML"));
  new DataView(message.buffer).setUint32(4, text.length, true);
  message.set(new TextEncoder().encode(text), 8);
  for (const [name, bytes] of Object.entries(arrays))
    message.set(bytes, 8 + text.length + places[name].offset);
  return message;
}

test("a lesson's message holds the messages of its stages", () => {
  const [before, after] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11, 12)];
  const whole = readLesson(packed({ name: "units", number: 10 }, { before, after }));
  assert.deepEqual([whole.name, whole.number], ["units", 10]);
  assert.deepEqual([whole.before, whole.after], [before, after]);
  assert.equal(readLesson(packed({ name: "names" }, { before })).after, undefined);
});

test("a number is right within half a step, and close as far as the lesson says", () => {
  const verdicts = [60, 56, 55, 68, 69, 48.3, 48.2].map((guess) => verdictOn(NUMBER, guess));
  assert.deepEqual(verdicts, ["right", "right", "close", "close", "far", "close", "far"]);
  // Whole numbers close to none: with nothing near, only the right one will do.
  const exact = { ...NUMBER, step: 1, near: 0, actual: 3 };
  assert.deepEqual(
    [2, 3, 4].map((guess) => verdictOn(exact, guess)),
    ["far", "right", "far"],
  );
});

test("a choice is right or far", () => {
  assert.equal(verdictOn(CHOICE, "higher"), "right");
  assert.equal(verdictOn(CHOICE, "same"), "far");
});

test("a place is judged by its distance, in every direction alike", () => {
  for (let angle = 0; angle < 6.3; angle += 0.7) {
    const off = (reach) => [1 + reach * Math.cos(angle), -2 + reach * Math.sin(angle)];
    const verdicts = [0, 0.09, 0.11, 0.39, 0.41].map((reach) => verdictOn(PLACE, off(reach)));
    assert.deepEqual(verdicts, ["right", "right", "close", "close", "far"]);
  }
  assert.equal(distance([0, 3], [4, 0]), 5);
  assert.equal(verdictOn(LINE, [2.5]), "close");
});

test("what is said of a guess names it and what came of it", () => {
  assert.equal(sayVerdict(view(NUMBER, 50)), "You said 50. It is 58: close.");
  assert.equal(sayVerdict(view(NUMBER, 37.5, ",")), "You said 37,5. It is 58.");
  assert.equal(sayVerdict(view(NUMBER, 58)), "You said 58. That is what happened.");
  assert.equal(sayVerdict(view(CHOICE, "same")), "You said the same. What happened is: higher up.");
  assert.equal(sayVerdict(view(CHOICE, "higher")), "You said higher up. That is what happened.");
  assert.equal(
    sayVerdict(view(PLACE, [1.31, -2])),
    "Your flag stood at (1.31, −2.00). The place is (1.00, −2.00), 0.31 away, close.",
  );
  assert.equal(sayVerdict(view(LINE, [3.5], ",")), "Your flag stood at 3,50. The place is 2,81, 0,69 away.");
  assert.equal(
    sayVerdict(view(PLACE, [5, -2], ",")),
    "Your flag stood at (5,00; −2,00). The place is (1,00; −2,00), 4,00 away.",
  );
  assert.equal(sayVerdict({ ...view(NUMBER, 50), guess: null }), "");
});

test("numbers have a minus sign, and nought has none", () => {
  assert.equal(written(-1.005, 1, "."), "−1.0");
  assert.equal(written(-0.001, 2, "."), "0.00");
  assert.equal(written(1000, 0, ","), "1000");
});

test("a run of one's own is held against the best of the lesson", () => {
  const own = (end) => ({
    ...view(CHOICE, "same", ","),
    own: { end, steps: 12 },
    said: { yours: "{end} after {steps}: {gap} away" },
    message: { facts: { best: -1200.04 } },
  });
  assert.equal(sayOwn(own(-1208.5)), "−1208,5 after 12: 8,5 away");
  assert.equal(sayOwn(own(-1200.04)), "−1200,0 after 12: 0,0 away");
  assert.equal(sayOwn({ ...own(0), own: null }), "");
});

test("braces without a value stay", () => {
  assert.equal(fill("{a} and {b}", { a: 1 }), "1 and {b}");
});

test("the course counts its own lessons, and ticks those that were taken", () => {
  const course = view(NUMBER, 50);
  assert.equal(sayDone(course), "1 of 2 done");
  assert.deepEqual([titleOf(course, 0), titleOf(course, 1)], ["1. One", "✓ 2. Two"]);
});

/** What a browser keeps. */
function storage(kept = {}) {
  return {
    getItem: (key) => kept[key] ?? null,
    setItem: (key, text) => (kept[key] = text),
    removeItem: (key) => delete kept[key],
  };
}

test("progress is kept, and forgotten", () => {
  const held = storage();
  const progress = new Progress(() => held);
  progress.take("names", "right");
  progress.take("units", "far");
  assert.deepEqual(new Progress(() => held).done, { names: "right", units: "far" });
  // Two tabs lose nothing of each other's.
  const other = new Progress(() => held);
  progress.take("limit", "close");
  other.take("turned", "far");
  assert.deepEqual(Object.keys(new Progress(() => held).done).sort(), ["limit", "names", "turned", "units"]);
  other.forget();
  assert.deepEqual([other.done, new Progress(() => held).done], [{}, {}]);
});

test("without a place to keep it, progress is known until the page is left", () => {
  const refused = () => {
    throw new Error("storage is refused");
  };
  const progress = new Progress(refused);
  progress.take("names", "right");
  assert.deepEqual(progress.done, { names: "right" });
  progress.forget();
  assert.deepEqual(progress.done, {});
});

test("what somebody else has kept under its name is passed over", () => {
  for (const text of ["", "no json", "null", "7", '{"names": "excellent", "units": 3}']) {
    const held = storage({ "gmm-lab course": text });
    assert.deepEqual(new Progress(() => held).done, {});
  }
});
