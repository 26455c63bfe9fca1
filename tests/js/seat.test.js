import assert from "node:assert/strict";
import test from "node:test";
import { AFTER_TALKING, ALONE, Seat } from "../../ui/stage/static/model/seat.js";

const seat = (collects = true) => {
  /** @type {Record<string, unknown>[]} */
  const told = [];
  return { told, seat: new Seat({ lesson: "names", stops: true, collects }, (event) => told.push(event)) };
};

test("a guess goes to the room, and its answer is known when one has come", () => {
  const { seat: mine, told } = seat();
  assert.equal(mine.status, "");
  mine.send("same", ALONE);
  assert.deepEqual(told, [{ type: "guess", lesson: "names", guess: "same", round: 1 }]);
  assert.equal(mine.status, "sending");
  assert.deepEqual(mine.waiting, told, "it is sent again when a broken line is back");
  mine.hear({ number: 0, answers: {} });
  assert.equal(mine.status, "sending", "news of something else");
  mine.hear({ number: 1, answers: { 1: "counted" } });
  assert.equal(mine.status, "counted");
  assert.deepEqual(mine.waiting, []);
});

test("a second guess may be made until it counts, and sent again while it may still count", () => {
  const { seat: mine, told } = seat();
  assert.ok(!mine.mayGuessAgain);
  mine.send("same", ALONE);
  assert.ok(!mine.mayGuessAgain, "not before the first one is answered");
  mine.hear({ number: 1, answers: { 1: "closed" } });
  assert.ok(mine.mayGuessAgain && !mine.mayResend);
  mine.send("lower", AFTER_TALKING);
  mine.hear({ number: 2, answers: { 1: "closed", 2: "not_yet" } });
  assert.ok(mine.mayGuessAgain && mine.mayResend);
  mine.resend();
  assert.equal(mine.status, "sending");
  assert.deepEqual(told[2], told[1]);
  mine.hear({ number: 3, answers: { 1: "closed", 2: "counted" } });
  assert.ok(!mine.mayGuessAgain && !mine.mayResend);
});

test("the same answer twice is an answer", () => {
  const { seat: mine } = seat();
  mine.send("same", ALONE);
  mine.hear({ number: 1, answers: { 1: "busy" } });
  mine.resend();
  mine.hear({ number: 2, answers: { 1: "busy" } });
  assert.equal(mine.status, "busy");
});

test("a link that only stops sends nothing", () => {
  const { seat: mine, told } = seat(false);
  mine.send("same", ALONE);
  assert.deepEqual([told, mine.status, mine.mayGuessAgain], [[], "", false]);
});
