// What a lesson says of a guess, in the language of the lesson.

import { distance } from "../model/verdict.js";

/**
 * A text with {names} replaced by their values.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (braces, name) => (name in values ? String(values[name]) : braces));

/**
 * A number with so many decimals.
 * @param {number} value
 * @param {number} decimals
 * @param {string} comma
 */
export function written(value, decimals, comma) {
  const text = Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text.replace(".", comma);
}

/**
 * Numbers of a place, in brackets if there are several.
 * @param {number[]} place
 * @param {number} decimals
 * @param {string} comma
 */
export function writtenPlace(place, decimals, comma) {
  const numbers = place.map((value) => written(value, decimals, comma));
  // Beside commas in numbers another one would be misread.
  return place.length === 1 ? numbers[0] : `(${numbers.join(comma === "," ? "; " : ", ")})`;
}

/**
 * “You said ... It is ...”, beside what came of it.
 * @param {LessonView} view of which the guess was made
 */
export function sayVerdict({ message, said, page, comma, guess, verdict }) {
  const { prediction } = message;
  if (guess === null || verdict === null) return "";
  if (prediction.kind === "choice") {
    const { options = {} } = said;
    const named = { guess: options[String(guess)], answer: options[prediction.actual] };
    return fill(`${page.said} ${verdict === "right" ? page.right : page.wrong}`, named);
  }
  if (prediction.kind === "place") {
    const { decimals, actual } = prediction;
    const place = /** @type {number[]} */ (guess);
    return fill(`${page.placed} ${page[`place_${verdict}`]}`, {
      guess: writtenPlace(place, decimals, comma),
      answer: writtenPlace(actual, decimals, comma),
      distance: written(distance(place, actual), decimals, comma),
    });
  }
  const { decimals, actual } = prediction;
  const own = Number(guess);
  // What people typed stays as they typed it.
  const typed =
    Number(own.toFixed(decimals)) === own
      ? written(own, decimals, comma)
      : String(own).replace("-", "−").replace(".", comma);
  return fill(`${page.said} ${page[verdict]}`, { guess: typed, answer: written(actual, decimals, comma) });
}

/** Decimals of log-likelihoods. */
const NATS = 1;

/**
 * What came of a run that people made themselves; empty where they made none.
 * @param {LessonView} view
 */
export function sayOwn({ own, said, message, comma }) {
  if (!own || !said.yours) return "";
  const gap = Math.abs(Number(message.facts.best) - own.end);
  const numbers = { end: written(own.end, NATS, comma), gap: written(gap, NATS, comma) };
  return fill(said.yours, { ...numbers, steps: own.steps });
}

/**
 * Whether a lesson was taken, in front of its title.
 * @param {LessonView} view
 * @param {number} place from 0
 */
export function titleOf({ message, language, done }, place) {
  const { name, title } = message.course[place];
  return `${name in done ? "✓ " : ""}${place + 1}. ${title[language]}`;
}

/**
 * How much of the course was taken.
 * @param {LessonView} view
 */
export const sayDone = ({ message, page, done }) =>
  fill(page.done, {
    done: message.course.filter(({ name }) => name in done).length,
    all: message.course.length,
  });
