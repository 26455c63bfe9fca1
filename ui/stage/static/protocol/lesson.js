// The message of a lesson. ui/workspace/lessons.py writes it.

import { decode } from "./message.js";

/**
 * @param {Uint8Array} bytes
 * @returns {LessonMessage}
 */
export function readLesson(bytes) {
  const { header, arrays } = decode(bytes);
  const said = /** @type {LessonMessage} */ (/** @type {unknown} */ (header));
  return { ...said, before: arrays.before, after: arrays.after };
}
