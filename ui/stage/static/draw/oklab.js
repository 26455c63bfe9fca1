// OKLab, in which a mix of colours looks like one. Source: B. Ottosson, "A perceptual color space for image
// processing" (2020). A test holds the blends against those that Python draws into reports.

/** @param {number} byte */
const toLinear = (byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
/** @param {number} value */
const toGamma = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

const STEPS = 4096;
const GAMMA = Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.round(255 * toGamma(i / STEPS)));
/** @param {number} value */
const gammaByte = (value) => GAMMA[value <= 0 ? 0 : value >= 1 ? STEPS : (value * STEPS + 0.5) | 0];

/**
 * [L, a, b] in OKLab of [r, g, b] from 0 to 255.
 * @param {number[]} rgb
 */
export function toOklab([r, g, b]) {
  const [R, G, B] = [toLinear(r), toLinear(g), toLinear(b)];
  const l = Math.cbrt(0.4122214708 * R + 0.5363325363 * G + 0.0514459929 * B);
  const m = Math.cbrt(0.2119034982 * R + 0.6806995451 * G + 0.1073969566 * B);
  const s = Math.cbrt(0.0883024619 * R + 0.2817188376 * G + 0.6299787005 * B);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * Writes the bytes of an OKLab colour to `out` from index `at` on.
 * @param {number} L
 * @param {number} a
 * @param {number} b
 * @param {Uint8Array} out
 * @param {number} at
 */
export function writeOklab(L, a, b, out, at) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  out[at] = gammaByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  out[at + 1] = gammaByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  out[at + 2] = gammaByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
}
