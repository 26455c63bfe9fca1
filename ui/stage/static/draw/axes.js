// Where the axes of a picture lie: the one place that reads Plotly's own record of them, so that the canvas
// beneath and the handles above follow every zoom. A browser test holds it against the drawn ticks. The same
// of the marks of a chart is marks.js.

/**
 * The plot area of a plot and the data ranges at its edges.
 * @param {PlotElement} plot
 * @returns {Frame}
 */
export function readFrame(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const [x0, x1] = xaxis.range.map(Number);
  const [y0, y1] = yaxis.range.map(Number);
  return {
    left: xaxis._offset,
    top: yaxis._offset,
    width: xaxis._length,
    height: yaxis._length,
    x0,
    x1,
    y0,
    y1,
  };
}

/**
 * Pixels from the left and top edges of the frame.
 * @param {Frame} frame
 * @param {number} x
 * @param {number} y
 */
export function toPixels(frame, x, y) {
  return [
    ((x - frame.x0) / (frame.x1 - frame.x0)) * frame.width,
    ((frame.y1 - y) / (frame.y1 - frame.y0)) * frame.height,
  ];
}

/**
 * Data units of a place in pixels from the left and top edges of the frame.
 * @param {Frame} frame
 * @param {number} px
 * @param {number} py
 * @returns {[number, number]}
 */
export function toData(frame, px, py) {
  return [
    frame.x0 + (px / frame.width) * (frame.x1 - frame.x0),
    frame.y1 - (py / frame.height) * (frame.y1 - frame.y0),
  ];
}

/**
 * Columns of pixels for columns of data.
 * @param {Frame} frame
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 */
export function allToPixels(frame, x, y) {
  const px = new Float32Array(x.length);
  const py = new Float32Array(y.length);
  const perX = frame.width / (frame.x1 - frame.x0);
  const perY = frame.height / (frame.y1 - frame.y0);
  for (let i = 0; i < x.length; i++) {
    px[i] = (x[i] - frame.x0) * perX;
    py[i] = (frame.y1 - y[i]) * perY;
  }
  return { px, py };
}

/**
 * How many times as long a unit is drawn upwards as across: 1 on equal axes.
 * @param {Frame} frame
 */
export function upwardsPerAcross(frame) {
  return frame.height / (frame.y1 - frame.y0) / (frame.width / (frame.x1 - frame.x0));
}
