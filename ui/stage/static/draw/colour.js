// Colour of points: components' colours blended by responsibility in OKLab, so that a half-and-half point
// looks half-and-half. Source: B. Ottosson, "A perceptual color space for image processing" (2020).

/** [r, g, b] from 0 to 255 of "#rrggbb" or "rgb(r, g, b)". */
export function parseColour(text) {
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text;
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }
  return text
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);
}

const toLinear = (byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const toGamma = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

const STEPS = 4096;
const GAMMA = Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.round(255 * toGamma(i / STEPS)));
const gammaByte = (value) => GAMMA[value <= 0 ? 0 : value >= 1 ? STEPS : (value * STEPS + 0.5) | 0];

/** [L, a, b] in OKLab of [r, g, b] from 0 to 255. */
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

/** Writes the bytes of an OKLab colour to `out` from index `at` on. */
function writeOklab(L, a, b, out, at) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  out[at] = gammaByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  out[at + 1] = gammaByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  out[at + 2] = gammaByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
}

/** Bytes, n x 3, of points with shares (n x K in rows) of the K colours. */
export function blend(shares, colours) {
  const k = colours.length;
  const labs = colours.map((colour) => toOklab(parseColour(colour)));
  const out = new Uint8Array((shares.length / k) * 3);
  for (let i = 0, at = 0; at < out.length; i += k, at += 3) {
    let L = 0;
    let a = 0;
    let b = 0;
    for (let j = 0; j < k; j++) {
      const share = shares[i + j];
      L += share * labs[j][0];
      a += share * labs[j][1];
      b += share * labs[j][2];
    }
    writeOklab(L, a, b, out, at);
  }
  return out;
}

/** The index of the largest of each row of n x K shares; -1 for a row without one. */
export function largest(shares, k) {
  const out = new Int32Array(shares.length / k);
  for (let i = 0; i < out.length; i++) {
    let best = 0;
    for (let j = 1; j < k; j++) if (shares[i * k + j] > shares[i * k + best]) best = j;
    out[i] = best;
  }
  return out;
}

function byIndex(indices, colours, none) {
  const table = [...colours, none].map(parseColour);
  const out = new Uint8Array(indices.length * 3);
  for (let i = 0, at = 0; i < indices.length; i++, at += 3) {
    const colour = table[indices[i] < 0 ? colours.length : indices[i]];
    out[at] = colour[0];
    out[at + 1] = colour[1];
    out[at + 2] = colour[2];
  }
  return out;
}

function ramp(values, low, high) {
  const shares = new Float64Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    shares[2 * i] = 1 - values[i];
    shares[2 * i + 1] = values[i];
  }
  return blend(shares, [low, high]);
}

/** How the points may be coloured: each takes shares, k, labels, and the theme's colours, and gives bytes. */
export const VIEWS = {
  blended: { title: "Blended", paint: ({ shares, theme, k }) => blend(shares, theme.palette.slice(0, k)) },
  hard: {
    title: "Hard",
    paint: ({ shares, theme, k }) => byIndex(largest(shares, k), theme.palette, theme.grey),
  },
  uncertainty: {
    title: "Uncertainty",
    // 1 - max, with one half, two equal claims, at the far end of the ramp.
    paint: ({ shares, theme, k }) =>
      ramp(
        Float64Array.from(largest(shares, k), (j, i) => Math.min(1, 2 * (1 - shares[i * k + j]))),
        theme.faint,
        theme.alarm,
      ),
  },
  component: {
    title: "One component",
    paint: ({ shares, theme, k, one }) =>
      ramp(
        Float64Array.from({ length: shares.length / k }, (_, i) => shares[i * k + one]),
        theme.faint,
        theme.palette[one],
      ),
  },
  truth: {
    title: "True labels",
    paint: ({ labels, colours, theme }) =>
      byIndex(
        labels,
        colours.map((colour) => theme.palette[colour]),
        theme.grey,
      ),
  },
};

/** All points in one colour. */
export function plain(n, colour) {
  return byIndex(new Int32Array(n).fill(-1), [], colour);
}
