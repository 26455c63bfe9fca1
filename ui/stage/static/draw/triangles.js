// Triangles into pixels, their colours shading over from corner to corner. By hand, since a graphics card is not
// everywhere, and without one the same picture through WebGL took ten times as long.

/** @typedef {{ words: Uint32Array, width: number, height: number }} Sheet pixels: opacity, blue, green and red of each */
/** @typedef {{ px: ArrayLike<number>, py: ArrayLike<number>, bytes: Uint8Array }} Vertices pixels, and colours (n x 3) */

/**
 * Fills the triangle between vertices a, b and c, over what lies there. A pixel is in it if its middle is.
 * @param {Sheet} sheet
 * @param {Vertices} vertices
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} opacity
 */
export function fillTriangle({ words, width, height }, { px, py, bytes }, a, b, c, opacity) {
  const ax = px[a];
  const ay = py[a];
  const bx = px[b] - ax;
  const by = py[b] - ay;
  const cx = px[c] - ax;
  const cy = py[c] - ay;
  const area = bx * cy - cx * by;
  if (!area || !Number.isFinite(area)) return;
  const first = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
  const end = Math.min(height, Math.ceil(ay + Math.max(0, by, cy) - 0.5));
  const red = bytes[3 * a];
  const green = bytes[3 * a + 1];
  const blue = bytes[3 * a + 2];
  const redB = bytes[3 * b] - red;
  const greenB = bytes[3 * b + 1] - green;
  const blueB = bytes[3 * b + 2] - blue;
  const redC = bytes[3 * c] - red;
  const greenC = bytes[3 * c + 1] - green;
  const blueC = bytes[3 * c + 2] - blue;
  // How much of b and of c there is more of, a pixel to the right.
  const stepB = cy / area;
  const stepC = -by / area;
  for (let row = first; row < end; row++) {
    const y = row + 0.5 - ay;
    let left = Infinity;
    let right = -Infinity;
    // Of the three sides those that the row crosses.
    if (y < 0 !== y < by) {
      const x = (y / by) * bx;
      left = x;
      right = x;
    }
    if (y < 0 !== y < cy) {
      const x = (y / cy) * cx;
      if (x < left) left = x;
      if (x > right) right = x;
    }
    if (y < by !== y < cy) {
      const x = bx + ((y - by) / (cy - by)) * (cx - bx);
      if (x < left) left = x;
      if (x > right) right = x;
    }
    const from = Math.max(0, Math.ceil(ax + left - 0.5));
    const to = Math.min(width, Math.ceil(ax + right - 0.5));
    const x = from + 0.5 - ax;
    let shareB = (x * cy - y * cx) / area;
    let shareC = (y * bx - x * by) / area;
    for (let at = row * width + from; at < row * width + to; at++) {
      const r = red + shareB * redB + shareC * redC;
      const g = green + shareB * greenB + shareC * greenC;
      const bl = blue + shareB * blueB + shareC * blueC;
      words[at] = opacity === 1 ? wordOf(r, g, bl, 255) : over(words[at], r, g, bl, opacity);
      shareB += stepB;
      shareC += stepC;
    }
  }
}

/** @type {(r: number, g: number, b: number, opacity: number) => number} */
const wordOf = (r, g, b, opacity) => (opacity << 24) | (byte(b) << 16) | (byte(g) << 8) | byte(r);

/** @param {number} value */
const byte = (value) => (value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0);

/**
 * A colour over a pixel, neither premultiplied.
 * @type {(under: number, r: number, g: number, b: number, opacity: number) => number}
 */
function over(under, r, g, b, opacity) {
  const below = ((under >>> 24) / 255) * (1 - opacity);
  const total = opacity + below;
  const own = opacity / total;
  const rest = below / total;
  return wordOf(
    own * r + rest * (under & 255),
    own * g + rest * ((under >>> 8) & 255),
    own * b + rest * ((under >>> 16) & 255),
    Math.round(255 * total),
  );
}
