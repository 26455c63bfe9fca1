// The check of fit as a small figure: the points' percentiles under the model against uniform ones, with a band.

/** The figure in its own units: the square, and room for the names of its axes. */
const SIDE = 200;
const LEFT = 50;
const BELOW = 38;
const TOP = 8;
const RIGHT = 18;

/** A line of more corners looks the same. */
const MOST_CORNERS = 400;

const TICKS = [0, 0.5, 1];

/**
 * The figure as SVG text; what it shows is told by its `label`.
 * @param {ArrayLike<number>} sorted percentiles, from 0 to 1
 * @param {number} band
 * @param {string} label
 */
export function fitFigure(sorted, band, label) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    `${(LEFT + SIDE * x).toFixed(1)} ${(TOP + SIDE * (1 - y)).toFixed(1)}`;
  const n = sorted.length;
  const every = Math.max(1, Math.ceil(n / MOST_CORNERS));
  const corners = Array.from(sorted, (value, i) => at((i + 0.5) / n, value)).filter(
    (_, i) => i % every === 0 || i === n - 1,
  );
  const upper = [at(0, band), at(1 - band, 1), at(1, 1)];
  const lower = [at(1, 1 - band), at(band, 0), at(0, 0)];
  const ticks = TICKS.map((tick) => {
    const [x, y] = [LEFT + SIDE * tick, TOP + SIDE * (1 - tick)];
    const text = `${100 * tick}%`;
    return `<text x="${x}" y="${TOP + SIDE + 15}" text-anchor="middle">${text}</text><text x="${LEFT - 5}" y="${y + 4}" text-anchor="end">${text}</text>`;
  });
  const [width, height] = [LEFT + SIDE + RIGHT, TOP + SIDE + BELOW];
  return `<svg class="em-fit-figure" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<path class="em-fit-band" d="M${[...upper, ...lower].join("L")}Z"/>
<path class="em-fit-frame" d="M${at(0, 1)}L${at(0, 0)}L${at(1, 0)}"/>
<path class="em-fit-diagonal" d="M${at(0, 0)}L${at(1, 1)}"/>
<path class="em-fit-line" d="M${corners.join("L")}"/>
${ticks.join("")}
<text x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 33}" text-anchor="middle">expected (thinnest to densest)</text>
<text transform="translate(11 ${TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">found</text>
</svg>`;
}
