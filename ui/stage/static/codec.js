// The message from Python: a header in JSON and the arrays behind it. ui/stage/codec.py writes it.

const TYPES = { f64: Float64Array, f32: Float32Array, i32: Int32Array };

/** The header and the arrays by name, each with its shape, of a message in a Uint8Array. */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x4c4d4d47) throw new Error("The stage was sent something that is not its message.");
  const headerLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  const body = 8 + headerLength;
  const arrays = {};
  for (const [name, { type, offset, length }] of Object.entries(header.arrays)) {
    // A copy starts at an even address, which a view into the message need not.
    const size = length * TYPES[type].BYTES_PER_ELEMENT;
    arrays[name] = new TYPES[type](bytes.slice(body + offset, body + offset + size).buffer);
  }
  return { header, arrays };
}

/** A run as the stage uses it: points as two columns, and every state's numbers. */
export function readRun(bytes) {
  const { header, arrays } = decode(bytes);
  const [originX, originY] = header.origin;
  const n = arrays.points.length / 2;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = originX + arrays.points[2 * i];
    y[i] = originY + arrays.points[2 * i + 1];
  }
  const { points: _, ...states } = arrays;
  return { ...header, truth: header.truth && asMixture(header.truth), n, x, y, ...states };
}

const asMixture = (lists) => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float64Array.from(list)]));

/** State t's mixture: weights (K), means (K x 2) and covariances (K x 3: xx, xy, yy). */
export function mixtureAt(run, t) {
  const k = run.components;
  // The same object each time: what was drawn for it need not be drawn again.
  run.mixtures ??= [];
  run.mixtures[t] ??= {
    weights: run.weights.subarray(t * k, (t + 1) * k),
    means: run.means.subarray(2 * t * k, 2 * (t + 1) * k),
    covariances: run.covariances.subarray(3 * t * k, 3 * (t + 1) * k),
  };
  return run.mixtures[t];
}
