// The message from Python: a header in JSON and the arrays behind it. ui/stage/codec.py writes it.

const TYPES = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array };

/** The letters GMML, read as a number. */
const MAGIC = 0x4c4d4d47;

/**
 * The header and the arrays by name of a message.
 * @param {Uint8Array} bytes
 * @returns {{ header: Header, arrays: Record<string, any> }}
 */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8 || view.getUint32(0, true) !== MAGIC) {
    throw new Error("The stage was sent something that is not its message.");
  }
  const headerLength = view.getUint32(4, true);
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  const body = 8 + headerLength;
  /** @type {Record<string, any>} */
  const arrays = {};
  for (const [name, { type, offset, length }] of Object.entries(header.arrays)) {
    // A copy starts at an even address, which a view into the message need not.
    const size = length * TYPES[type].BYTES_PER_ELEMENT;
    arrays[name] = new TYPES[type](bytes.slice(body + offset, body + offset + size).buffer);
  }
  return { header, arrays };
}
