// Areas and lines, painted on a canvas or written as SVG.

/** @typedef {{ path: string, fill?: string, stroke?: string, width?: number, opacity: number }} Stroke */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes from the back to the front
 */
export function paintStrokes(context, strokes) {
  for (const { path, fill, stroke, width = 1, opacity } of strokes) {
    const shape = new Path2D(path);
    context.globalAlpha = opacity;
    context.fillStyle = fill ?? "";
    context.strokeStyle = stroke ?? "";
    context.lineWidth = width;
    context.lineJoin = "round";
    if (fill) context.fill(shape);
    if (stroke) context.stroke(shape);
  }
  context.globalAlpha = 1;
}

/** @param {Stroke[]} strokes */
export const svgOf = (strokes) =>
  strokes
    .map(
      ({ path, fill = "none", stroke = "none", width = 1, opacity }) =>
        `<path d="${path}" fill="${fill}" stroke="${stroke}" stroke-width="${width}" opacity="${opacity.toFixed(3)}"/>`,
    )
    .join("");
