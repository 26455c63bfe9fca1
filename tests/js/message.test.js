import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../ui/stage/static/protocol/outbox.js";
import { decode } from "../../ui/stage/static/protocol/message.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { assertClose, messageBytes, oracle } from "./oracle.js";

test("a message is read wherever in memory it lies", () => {
  const bytes = messageBytes("lab");
  for (const offset of [0, 1, 4, 7]) {
    const shifted = new Uint8Array(bytes.length + offset);
    shifted.set(bytes, offset);
    const { header, arrays } = decode(shifted.subarray(offset));
    assert.deepEqual(header.columns, ["Länge", "y"]);
    assertClose(arrays.points, oracle.points);
    assert.equal(arrays.labels.constructor, Int32Array);
  }
});

test("what is no message is refused", () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(3), new Uint8Array(64)]) {
    assert.throws(() => decode(bytes), /not its message/);
  }
});

test("the lab has one run, with a value for each picture", () => {
  const runs = readRuns(messageBytes("lab"));
  assert.equal(runs.length, 1);
  const [run] = runs;
  assertClose(
    Array.from(run.x).flatMap((x, i) => [x, run.y[i]]),
    oracle.points,
  );
  assertClose([run.log_likelihoods[0]], [oracle.shapes.log_likelihood]);
  assert.deepEqual(
    Array.from(run.values),
    Array.from(run.log_likelihoods).flatMap((value) => [value, value]),
  );
  assert.deepEqual([run.curve_name, run.rows], ["log-likelihood", run.components]);
  assert.equal(run.true_shapes.weights.length, 2);
  assert.equal(run.constants.length, run.states * run.components);
});

test("the comparison has K-Means before the mixture, each with its own states", () => {
  const [kmeans, mixture] = readRuns(messageBytes("comparison"));
  assert.equal(kmeans.values.length, 2 * kmeans.states);
  assert.equal(mixture.values.length, 2 * mixture.states);
  assert.equal(kmeans.means.length, 2 * kmeans.states * kmeans.components);
  assert.equal(kmeans.x, mixture.x);
  assert.notDeepEqual(kmeans.stop, mixture.stop);
});

/** A host that writes down what reaches it. */
function recorder() {
  const sent = [];
  const remembered = [];
  const host = {
    send: (events) => sent.push(events.map(({ type }) => type)),
    remember: (p) => remembered.push(p),
  };
  return { host, sent, remembered };
}

test("an event is sent again with every later one until Python has seen it", () => {
  const { host, sent } = recorder();
  const outbox = new Outbox(host);
  const first = outbox.send({ type: "a" });
  const second = outbox.send({ type: "b" });
  assert.ok(second > first);
  assert.deepEqual(sent, [["a"], ["a", "b"]]);
  outbox.acknowledge(first);
  assert.deepEqual(sent.at(-1), ["b"]);
  outbox.acknowledge(second);
  assert.equal(sent.length, 3);
  assert.deepEqual(outbox.waiting, []);
});

test("an event takes the place of those alike that still wait", () => {
  const { host, sent } = recorder();
  const outbox = new Outbox(host);
  outbox.sendAnew({ type: "a", of: 1 }, ["type", "of"]);
  outbox.sendAnew({ type: "a", of: 2 }, ["type", "of"]);
  const last = outbox.sendAnew({ type: "a", of: 1 }, ["type", "of"]);
  outbox.sendAnew({ type: "b", of: 1 }, ["type", "of"]);
  assert.deepEqual(
    outbox.waiting.map(({ type, of }) => [type, of]),
    [
      ["a", 2],
      ["a", 1],
      ["b", 1],
    ],
  );
  assert.equal(outbox.waiting[1].number, last);
  assert.deepEqual(sent.at(-1), ["a", "a", "b"]);
});

test("numbers go on after those of an earlier stage", () => {
  const outbox = new Outbox(recorder().host);
  outbox.acknowledge(Number.MAX_SAFE_INTEGER - 10);
  assert.equal(outbox.send({ type: "a" }), Number.MAX_SAFE_INTEGER - 9);
});

test("of addresses that follow each other the newest is written, once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { host, remembered } = recorder();
  const outbox = new Outbox(host);
  outbox.remember({ at: "1" });
  outbox.remember({ at: "2" });
  context.mock.timers.tick(1000);
  assert.deepEqual(remembered, [{ at: "2" }]);
  outbox.remember({ at: "3" });
  outbox.flush();
  outbox.flush();
  assert.deepEqual(remembered, [{ at: "2" }, { at: "3" }]);
});
