// Streamlit's colours, read from the page, and the palette that Python sends.

import { parseColour } from "./colour.js";

/**
 * The colours of the shares of a point: those of the components, and grey for the noise where there is any.
 * @param {Theme} theme
 * @param {{ components: number, rows: number }} run
 */
export const shareColours = ({ palette, grey }, { components, rows }) => [
  ...palette.slice(0, components),
  ...(rows > components ? [grey] : []),
];

/** The smallest letters of a curve are this share of `letter`, and in a lecture hall this many pixels high. */
const SMALLEST = 0.74;
const IN_A_HALL = 18;

/**
 * The colours of the theme in force around `node`.
 * @param {HTMLElement} node
 * @param {string[]} palette
 * @returns {Omit<Theme, "glyphs">}
 */
export function readTheme(node, palette) {
  const style = getComputedStyle(node);
  /** @type {(name: string, otherwise: string) => string} */
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const background = read("--st-background-color", "#ffffff");
  const text = read("--st-text-color", "#31333f");
  const [r, g, b] = parseColour(text);
  const dark = 0.299 * r + 0.587 * g + 0.114 * b > 128;
  return {
    palette,
    background,
    letter: Math.max(parseFloat(style.fontSize), node.matches(".em-present") ? IN_A_HALL / SMALLEST : 0),
    text,
    dark,
    accent: read("--st-primary-color", palette[0]),
    font: read("--st-font", "sans-serif"),
    grid: `rgba(${r},${g},${b},0.09)`,
    grey: dark ? "#8b93a1" : "#8a919c",
    faint: dark ? "#3c424d" : "#d5d9e0",
    alarm: dark ? "#ff9f5a" : "#c2185b",
  };
}

/**
 * The theme on white paper, whatever the page's is.
 * @param {Theme} theme
 * @returns {Theme}
 */
export const onPaper = (theme) => ({
  ...theme,
  background: "#ffffff",
  text: "#0d141c",
  grid: "rgba(13,20,28,0.12)",
  grey: "#8a919c",
  faint: "#d5d9e0",
  dark: false,
});
