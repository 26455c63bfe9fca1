import assert from "node:assert/strict";
import test from "node:test";
import { AFTER_TALKING, ALONE, PATIENCE, Seat } from "../../ui/stage/static/model/seat.js";

/** A seat, what it has told by number, and a clock that stands still. */
const seat = (collects = true) => {
  /** @type {Record<string, unknown>[]} */
  const told = [];
  const clock = { now: 0 };
  const tell = (event) => 100 + told.push(event);
  return { told, clock, seat: new Seat({ lesson: "names", stops: true, collects }, tell, () => clock.now) };
};

/** News that the guess of that number has that answer. */
const news = (round, number, answer) => ({ answers: { [round]: { number, answer } } });

test("a guess goes to the room, and its answer is known when one has come", () => {
  const { seat: mine, told } = seat();
  assert.equal(mine.status, "");
  mine.send("same", ALONE);
  assert.deepEqual(told, [{ type: "guess", lesson: "names", guess: "same", round: 1 }]);
  assert.equal(mine.status, "sending");
  mine.hear({ answers: {} });
  assert.equal(mine.status, "sending", "news of something else");
  mine.hear(news(ALONE, 101, "counted"));
  assert.equal(mine.status, "counted");
});

test("another session's answers are to other guesses", () => {
  const { seat: mine } = seat();
  mine.send("same", ALONE);
  mine.hear(news(ALONE, 7, "no_vote"));
  assert.equal(mine.status, "sending");
  mine.hear(news(ALONE, 101, "counted"));
  mine.hear({ answers: {} });
  assert.equal(mine.status, "counted", "a session that knows of nothing takes nothing back");
  mine.send("lower", AFTER_TALKING);
  // As many answers as before: the session has begun anew with this one.
  mine.hear(news(AFTER_TALKING, 102, "not_yet"));
  assert.equal(mine.status, "not_yet");
});

test("a second guess may be made until it counts, and sent again while it may still count", () => {
  const { seat: mine, told } = seat();
  assert.ok(!mine.mayGuessAgain);
  mine.send("same", ALONE);
  assert.ok(!mine.mayGuessAgain, "not before the first one is answered");
  mine.hear(news(ALONE, 101, "closed"));
  assert.ok(mine.mayGuessAgain && mine.mayResend, "a round may be opened again");
  mine.send("lower", AFTER_TALKING);
  mine.hear(news(AFTER_TALKING, 102, "not_yet"));
  assert.ok(mine.mayGuessAgain && mine.mayResend);
  mine.resend();
  assert.equal(mine.status, "sending");
  assert.deepEqual(told[2], told[1]);
  mine.hear(news(AFTER_TALKING, 102, "not_yet"));
  assert.equal(mine.status, "sending", "that is how the one before was answered");
  mine.hear(news(AFTER_TALKING, 103, "counted"));
  assert.ok(mine.isThrough && !mine.mayResend);
});

test("the same answer twice is an answer", () => {
  const { seat: mine } = seat();
  mine.send("same", ALONE);
  mine.hear(news(ALONE, 101, "busy"));
  mine.resend();
  mine.hear(news(ALONE, 102, "busy"));
  assert.equal(mine.status, "busy");
});

test("a page that remembers a cleared room gets through by a press, and forgets what was said before", () => {
  const { seat: mine, told } = seat();
  mine.send("same", ALONE);
  mine.hear({ ...news(ALONE, 101, "counted"), generation: 1 });
  mine.send("lower", AFTER_TALKING);
  mine.hear({ ...news(AFTER_TALKING, 102, "counted"), generation: 1 });
  assert.ok(mine.isThrough && mine.mayGuessAgain, "no page knows by itself that the room was cleared");
  mine.send("same", AFTER_TALKING);
  assert.equal(told.length, 3);
  mine.hear({ ...news(AFTER_TALKING, 103, "not_yet"), generation: 2 });
  assert.deepEqual(mine.answers, { 2: "not_yet" });
  assert.ok(!mine.isThrough);
});

test("a guess without an answer may be sent again after a while", () => {
  const { seat: mine, told, clock } = seat();
  mine.send("same", ALONE);
  clock.now = PATIENCE - 1;
  assert.ok(!mine.mayResend);
  clock.now = PATIENCE;
  assert.ok(mine.mayResend && !mine.mayGuessAgain);
  mine.resend();
  assert.deepEqual(told[1], told[0]);
  assert.ok(!mine.mayResend, "it has its time once more");
  mine.hear(news(ALONE, 102, "counted"));
  clock.now += PATIENCE;
  assert.ok(!mine.mayResend);
});

test("a link that only stops sends nothing", () => {
  const { seat: mine, told } = seat(false);
  mine.send("same", ALONE);
  assert.deepEqual([told, mine.status, mine.mayGuessAgain], [[], "", false]);
});
