// Colours of components as colours of letters.

import { parseColour } from "./colour.js";

/** What letters need on their ground, as WCAG 2 has it, and a little to spare. */
const CONTRAST = 4.7;

/** How far a colour goes towards black or white at a time. */
const STEP = 0.04;

/** @param {number[]} rgb from 0 to 255 */
function luminance(rgb) {
  const [r, g, b] = rgb.map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} one @param {number[]} other */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * A colour, as much darker or lighter as letters on that ground need, as "#rrggbb".
 * @param {string} colour
 * @param {string} ground
 */
export function legible(colour, ground) {
  const behind = parseColour(ground);
  const end = luminance(behind) < 0.18 ? 255 : 0;
  let rgb = parseColour(colour);
  while (contrast(rgb, behind) < CONTRAST && rgb.some((byte) => Math.round(byte) !== end))
    rgb = rgb.map((byte) => byte + STEP * (end - byte) + Math.sign(end - byte) * 0.5);
  return `#${rgb.map((byte) => Math.round(byte).toString(16).padStart(2, "0")).join("")}`;
}
