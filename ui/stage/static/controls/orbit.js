// Hands on hills: the pointer turns them, and so do two buttons; fingers that go upwards scroll the page.

import { element } from "../draw/dom.js";
import { button } from "./button.js";

/** Degrees a pixel, and of a press on a button or a key. */
const DRAGGED = 0.45;
export const PRESSED = 15;

/** @typedef {{ turn: (round: number, up: number) => void, node: HTMLElement }} Turned */

/**
 * Listens on a scene, and puts its buttons there.
 * @param {Turned} scene
 */
export function orbit(scene) {
  const { node } = scene;
  /** @type {{ x: number, y: number } | null} */
  let down = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || event.target instanceof HTMLButtonElement) return;
    down = { x: event.clientX, y: event.clientY };
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!down || !event.isPrimary) return;
    // A finger that goes upwards is the page's.
    const up = event.pointerType === "touch" ? 0 : DRAGGED * (event.clientY - down.y);
    scene.turn(-DRAGGED * (event.clientX - down.x), up);
    down = { x: event.clientX, y: event.clientY };
  });
  for (const type of ["pointerup", "pointercancel"]) node.addEventListener(type, () => (down = null));
  const names = [
    ["Turn the hills left", "⟲", -PRESSED],
    ["Turn the hills right", "⟳", PRESSED],
  ];
  node.append(
    element(
      "div",
      { class: "em-turns", role: "group", "aria-label": "Turn the hills" },
      ...names.map(([name, sign, round]) =>
        button(String(name), String(sign), {}, () => scene.turn(Number(round), 0)),
      ),
    ),
  );
}

/**
 * Two fingers, or the wheel: the hills follow the hand, and come nearer.
 * @param {Turned & { zoom: (factor: number) => void }} scene
 * @param {number} factor
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 */
export function handle(scene, factor, from, to) {
  scene.zoom(factor);
  scene.turn(-DRAGGED * (to.x - from.x), DRAGGED * (to.y - from.y));
}
