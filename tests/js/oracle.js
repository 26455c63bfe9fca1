// What Python computed, see oracle.py, and how to hold numbers against it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const oracle = JSON.parse(readFileSync(new URL("oracle.json", import.meta.url), "utf-8"));

/** Columns of rows, as the stage has points. */
export const columns = (rows) => [0, 1].map((axis) => Float64Array.from(rows, (row) => row[axis]));

/** Rows one after the other, as the stage has arrays. */
export const flat = (rows) => Float64Array.from(rows.flat(Infinity));

/** Whether numbers agree, to `tolerance` of their size or of 1. */
export function assertClose(found, wanted, tolerance = 1e-9) {
  const [here, there] = [Array.from(found), wanted.flat ? wanted.flat(Infinity) : Array.from(wanted)];
  assert.equal(here.length, there.length);
  there.forEach((value, i) => {
    const off = Math.abs(here[i] - value);
    assert.ok(off <= tolerance * Math.max(1, Math.abs(value)), `${i}: ${here[i]} is not ${value}`);
  });
}

/** The kinds of run that have a message of their own: an algorithm, with noise, with a yes/no column, with both. */
export const KINDS = Object.keys(oracle.painted);

/** The algorithms; a message of that name is with noise. */
export const ALGORITHMS = KINDS.filter((name) => !name.includes(","));

/** The kinds that have a yes/no column. */
export const ANSWERED = KINDS.filter((name) => name.includes("answers"));

/** The bytes of a message: "lab", "comparison" or one of KINDS. */
export const messageBytes = (name) => Uint8Array.from(Buffer.from(oracle.messages[name], "base64"));
