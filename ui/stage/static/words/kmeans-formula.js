// The formulas of K-Means, in symbols, and with the numbers of one point or one centre put in.

import { count, digits, placeText } from "./format.js";
import { aligned, texOf, tinted } from "./tex.js";

const MOST_ROWS = 6;

/** What is said of a centre without points. */
export const NO_POINTS = "It holds no points, so that there is no mean to move to.";

export const ASSIGN = "z_i = \\arg\\min_k \\lVert x_i - \\mu_k \\rVert^2";
export const MOVE = aligned([
  "N_k &= \\text{points with } z_i = k",
  "\\mu_k &= \\frac{1}{N_k} \\sum_{i: z_i = k} x_i",
]);

/**
 * Point i's squared distances from all centres, or from the nearest of many, and whose it is; i counts from 0.
 * @param {{ i: number, distances: number[], colours: string[] }} point
 */
export function assignInNumbers({ i, distances, colours }) {
  const own = distances.indexOf(Math.min(...distances));
  const nearest = [...distances.keys()].sort((a, b) => distances[a] - distances[b] || a - b);
  const rows = nearest.slice(0, MOST_ROWS).sort((a, b) => a - b);
  const lines = rows.map((k) => {
    const [plain, squared] = [distances[k], distances[k] ** 2].map((value) => texOf(digits(value)));
    const name = `\\lVert x_{${i + 1}} - \\mu_{${k + 1}} \\rVert^2`;
    return `${tinted(name, colours[k])} &= ${tinted(`(${plain})^2 = ${squared}`, colours[k])}`;
  });
  if (rows.length < distances.length) lines.push("&\\ \\vdots");
  return aligned([...lines, `z_{${i + 1}} &= ${tinted(String(own + 1), colours[own])}`]);
}

/**
 * Centre k's points, and their mean where there are any; k counts from 0.
 * @param {{ k: number, held: number, mean: ArrayLike<number>, spans: number[], colour: string }} centre
 */
export function centreMoved({ k, held, mean, spans, colour }) {
  const line = (/** @type {string} */ letter, /** @type {string} */ text) =>
    `${tinted(`${letter}_{${k + 1}}`, colour)} &= ${tinted(texOf(text), colour)}`;
  return aligned([line("N", count(held)), ...(held ? [line("\\mu", placeText(mean, spans))] : [])]);
}

/**
 * Where centre k begins.
 * @param {{ k: number, mean: ArrayLike<number>, spans: number[], colour: string }} centre
 */
export const centreInNumbers = ({ k, mean, spans, colour }) =>
  `${tinted(`\\mu_{${k + 1}}`, colour)} = ${tinted(texOf(placeText(mean, spans)), colour)}`;
