// The picture of a term: three strokes, the last in the accent's colour.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A drawing that screen readers pass over, since the words beside it say the same.
 * @param {string[]} strokes path data in a box 60 wide and 40 high
 */
export function threeStrokes(strokes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 60 40");
  svg.setAttribute("class", "glossary-picture");
  svg.setAttribute("aria-hidden", "true");
  for (const stroke of strokes) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", stroke);
    svg.append(path);
  }
  return svg;
}
