// Two fingers, or the wheel, on a picture. One finger and a plain wheel scroll the page, which a picture in
// their way would trap.

/** How much a turn of the wheel zooms, a pixel; trackpads report a pinch as small turns with Ctrl. */
const TURN = 0.0025;
const PINCH = 0.01;
const MOST = 0.25;

/** Pixels of a turn that is told in pixels, lines or pages. */
const UNITS = [1, 16, 400];

/**
 * Calls `zoom(factor, from, to)` when a hand zooms or moves the picture in `node`: the data at the place `from`
 * (client pixels) belongs under `to`, in a view `factor` times as wide. `grasp()` comes before two fingers do
 * so, and `refuse(words)` when a hand may have meant to, with what it should have done.
 */
export function watchGestures(node, { zoom, grasp, refuse }) {
  ownWheel(node, (factor, place) => zoom(factor, place, place), refuse);
  let before = null;
  const fingers = ({ touches }) => {
    const [a, b] = touches;
    return {
      x: (a.clientX + b.clientX) / 2,
      y: (a.clientY + b.clientY) / 2,
      apart: Math.max(20, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)),
    };
  };
  const follow = (event) => {
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
  for (const type of ["touchstart", "touchmove", "touchend", "touchcancel"])
    node.addEventListener(type, follow, { capture: true, passive: false });
  node.addEventListener(
    "pointercancel",
    (event) =>
      event.pointerType === "touch" &&
      event.isPrimary &&
      !before &&
      refuse("Two fingers zoom and move the picture."),
  );
}

/** Calls `zoom(factor, place)` when the wheel is turned over `node` with Ctrl or Cmd, or after a click on it. */
function ownWheel(node, zoom, refuse) {
  let taken = false;
  // By its place: a hand that pans is over a sheet that Plotly lays upon the page.
  const leave = ({ clientX, clientY }) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    if (clientX >= left && clientX <= right && clientY >= top && clientY <= bottom) return;
    taken = false;
    window.removeEventListener("pointermove", leave);
  };
  node.addEventListener(
    "pointerdown",
    ({ pointerType }) => {
      if (pointerType !== "mouse") return;
      taken = true;
      window.addEventListener("pointermove", leave);
    },
    { capture: true },
  );
  node.addEventListener(
    "wheel",
    (event) => {
      const held = event.ctrlKey || event.metaKey;
      if (!taken && !held)
        return refuse("To zoom with the wheel, click the picture first, or hold Ctrl (⌘ on a Mac).");
      event.preventDefault();
      const turn = event.deltaY * UNITS[event.deltaMode] * (held ? PINCH : TURN);
      zoom(Math.exp(Math.max(-MOST, Math.min(MOST, turn))), { x: event.clientX, y: event.clientY });
    },
    { capture: true, passive: false },
  );
}
