// What the colours and signs of points stand for, where that is no component's number.

import { element } from "./dom.js";
import { glyphSign } from "./glyphs.js";

/**
 * The true labels that the points wear the colours of, each with its place in the palette.
 * @param {Run} run
 * @param {View} view
 * @returns {[string, number][]}
 */
export const labelNames = (run, view) =>
  view.colour === "truth" ? run.label_names.map((name, i) => [name, run.label_colours[i]]) : [];

/**
 * What filled and hollow points say, the yes first.
 * @param {Run} run
 * @param {Theme} theme
 */
export function answerNames(run, theme) {
  if (!run.answer) return [];
  const [, no, yes] = run.answer;
  const plain = { colour: theme.text, glyph: theme.glyphs[0] };
  return [
    { ...plain, name: yes, symbol: "circle", kind: "em-answered" },
    { ...plain, name: no, symbol: "circle-open", kind: "em-answered em-open" },
  ];
}

/**
 * The entries above a picture: true labels, and where `told` what filled and hollow points say.
 * @param {Run} run
 * @param {Theme} theme
 * @param {View} view
 * @param {boolean} told
 */
export function legendEntries(run, theme, view, told) {
  /** @type {{ name: string, colour: string, glyph: Glyph, kind?: string }[]} */
  const names = labelNames(run, view).map(([name, place]) => ({
    name,
    colour: theme.palette[place],
    glyph: theme.glyphs[place],
  }));
  if (view.colour === "truth" && run.labels?.some((label) => label < 0)) {
    names.push({ name: "none", colour: theme.grey, glyph: theme.glyphs[0] });
  }
  if (told) names.push(...answerNames(run, theme));
  return names.map(({ name, colour, glyph, kind }) =>
    element("span", { style: `--em-colour:${colour}`, class: kind }, glyphSign(glyph), name),
  );
}
