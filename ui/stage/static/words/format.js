// Numbers for people.

import { massWithin } from "../model/levels.js";

/**
 * What stands for what is no number, such as nothing divided by nothing, and for what is larger than any.
 * @param {number} value
 */
const noNumber = (value) => (Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞");

/**
 * A number with as many decimals as a picture `span` units wide can show.
 * @param {number} value
 * @param {number} span
 */
export function inUnits(value, span) {
  if (span < 1e-4 || span > 1e7 || !Number.isFinite(value)) return digits(value);
  const decimals = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(span || 1))));
  return minus(value.toFixed(decimals));
}

/**
 * @param {number} share
 * @param {number} [decimals]
 */
export const percent = (share, decimals = 1) =>
  Number.isFinite(share) ? `${(100 * share).toFixed(decimals)}%` : noNumber(share);

/**
 * Densities range over hundreds of powers of ten.
 * @param {number} value
 */
export function density(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return noNumber(value);
  if (Math.abs(value) >= 0.001 && Math.abs(value) < 10000) return value.toPrecision(3);
  return inPowers(value, 2);
}

/**
 * @param {number} value
 * @param {number} decimals
 */
function inPowers(value, decimals) {
  const [digits, power] = value.toExponential(decimals).split("e");
  return `${digits}·10${superscript(Number(power))}`;
}

/** @param {number} number */
const superscript = (number) =>
  String(number).replace(/./g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]));

/**
 * A log-likelihood or a gain, with four decimals unless it is very small or would be longer than its place.
 * @param {number} value
 */
export function nats(value) {
  if (!Number.isFinite(value)) return noNumber(value);
  if (Math.abs(value) >= 1e8) return minus(inPowers(value, 3));
  if (value !== 0 && Math.abs(value) < 0.00005) return minus(value.toExponential(1));
  return minus(value.toLocaleString("en", { minimumFractionDigits: 4, maximumFractionDigits: 4 }));
}

/**
 * A change of a log-likelihood that is now `level`: sums carry some fifteen digits, and less than that is nothing.
 * @param {number} value
 * @param {number} level
 */
export const change = (value, level) =>
  Math.abs(value) <= 1e-12 * Math.max(1, Math.abs(level)) ? "nothing" : nats(value);

/**
 * Three digits that count, whatever the size.
 * @param {number} value
 */
export const digits = (value) =>
  minus(
    value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 1000)
      ? value.toPrecision(3)
      : Math.abs(value) >= 1000 && Math.abs(value) < 10000
        ? String(Number(value.toPrecision(3)))
        : density(value),
  );

/**
 * Six digits that count, as people write them.
 * @param {number} value
 */
export const quantity = (value) =>
  Math.abs(value) >= 0.001 && Math.abs(value) < 1e7
    ? minus(value.toLocaleString("en", { maximumSignificantDigits: 6 }))
    : digits(value);

/**
 * How many there are, or how much of them; of less than a tenth as many digits as count.
 * @param {number} value
 */
export const count = (value) =>
  Number.isFinite(value) && (value === 0 || Math.abs(value) >= 0.05)
    ? value.toLocaleString("en", { maximumFractionDigits: 1 })
    : digits(value);

/** @param {string} text */
const minus = (text) => (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));

/**
 * A sentence of Python's with its powers of ten as people write them.
 * @param {string} sentence
 */
export const withPowers = (sentence) =>
  sentence.replace(
    /(\d)e([+-])0*(\d+)/g,
    (_, digit, sign, power) => `${digit}·10${superscript(Number(sign + power))}`,
  );

/**
 * A sentence about ellipses, which are curves where points lie on a line.
 * @param {string} sentence
 * @param {{ dimensions: number }} run
 */
export const ofShapes = (sentence, { dimensions }) =>
  dimensions === 1
    ? sentence.replaceAll(/\b([Aa])n ellipse/g, "$1 curve").replaceAll("ellipse", "curve")
    : sentence;

/**
 * A place in the units of its columns, between brackets.
 * @param {ArrayLike<number>} place
 * @param {number[]} spans of the data, in each of D dimensions
 */
export const placeText = (place, spans) =>
  `(${spans.map((span, axis) => inUnits(place[axis], span)).join(", ")})`;

/**
 * A level of an ellipse, in sigma, and how much of a Gaussian lies within.
 * @param {number} level
 * @param {number} dimensions
 */
export const levelText = (level, dimensions) =>
  `${Number(level.toFixed(2))} σ · ${percent(massWithin(level, dimensions))}`;
