// Two fingers, or the wheel, on a picture. One finger and a plain wheel scroll the page, which a picture in
// their way would trap.

/** How much a turn of the wheel zooms, a pixel; trackpads report a pinch as small turns with Ctrl. */
const TURN = 0.0025;
const PINCH = 0.01;
const LARGEST_TURN = 0.25;

/** Pixels of a turn that is told in pixels, lines or pages. */
const UNITS = [1, 16, 400];

/** Pixels below which two fingers are no nearer to each other. */
const NEAREST = 20;

/** @typedef {{ x: number, y: number }} Place client pixels */

/**
 * Calls `zoom(factor, from, to)` when a hand zooms or moves the picture in `node`: the data at the place `from`
 * belongs under `to`, in a view `factor` times as wide. `grasp()` comes before two fingers do so, and
 * `refuse(words)` when a hand may have meant to, with what it should have done.
 * @param {HTMLElement} node
 * @param {{ zoom: (factor: number, from: Place, to: Place) => void, grasp: () => void,
 *   refuse: (words: string) => void }} answers
 */
export function watchGestures(node, { zoom, grasp, refuse }) {
  takeWheel(node, (factor, place) => zoom(factor, place, place), refuse);
  /** @type {(Place & { apart: number }) | null} */
  let before = null;
  const follow = (/** @type {TouchEvent} */ event) => {
    if (event.touches.length !== 2) {
      before = null;
      return;
    }
    // The browser would zoom the page, or scroll it.
    if (event.cancelable) event.preventDefault();
    const now = fingers(event);
    if (before) zoom(before.apart / now.apart, before, now);
    else grasp();
    before = now;
  };
  for (const type of /** @type {const} */ (["touchstart", "touchmove", "touchend", "touchcancel"])) {
    node.addEventListener(type, follow, { capture: true, passive: false });
  }
  node.addEventListener("pointercancel", (event) => {
    const finger = event.pointerType === "touch" && event.isPrimary;
    if (finger && !before) refuse("Two fingers zoom and move the picture.");
  });
}

/** @param {TouchEvent} event */
function fingers({ touches }) {
  const [a, b] = touches;
  const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  return { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, apart: Math.max(NEAREST, apart) };
}

/**
 * Calls `zoom(factor, place)` when the wheel is turned over `node` with Ctrl or Cmd, or after a click on it.
 * @param {HTMLElement} node
 * @param {(factor: number, place: Place) => void} zoom
 * @param {(words: string) => void} refuse
 */
function takeWheel(node, zoom, refuse) {
  let taken = false;
  // By its place: a hand that pans is over a sheet that Plotly lays upon the page.
  const leave = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    if (clientX >= left && clientX <= right && clientY >= top && clientY <= bottom) return;
    taken = false;
    window.removeEventListener("pointermove", leave);
  };
  const take = (/** @type {PointerEvent} */ { pointerType }) => {
    if (pointerType !== "mouse") return;
    taken = true;
    window.addEventListener("pointermove", leave);
  };
  const turn = (/** @type {WheelEvent} */ event) => {
    const held = event.ctrlKey || event.metaKey;
    if (!taken && !held) {
      refuse("To zoom with the wheel, click the picture first, or hold Ctrl (⌘ on a Mac).");
      return;
    }
    event.preventDefault();
    const amount = event.deltaY * UNITS[event.deltaMode] * (held ? PINCH : TURN);
    const bounded = Math.max(-LARGEST_TURN, Math.min(LARGEST_TURN, amount));
    zoom(Math.exp(bounded), { x: event.clientX, y: event.clientY });
  };
  node.addEventListener("pointerdown", take, { capture: true });
  node.addEventListener("wheel", turn, { capture: true, passive: false });
}
