// From where hills are looked at, and where in the picture what is seen from there lies. Without perspective: hills of
// one height look it wherever they stand.

/** Degrees round the hills and above the floor, and how much nearer than home. */
const HOME = { azimuth: -62, elevation: 25, nearness: 1 };
const LOWEST = 4;
const STEEPEST = 90;
const FARTHEST = 0.6;
const NEAREST = 8;

/** The floor lies so far below density nought, and hills rise so high above that, in longer sides of the floor. */
export const DROP = 0.42;
export const RISE = 0.64;

/** What is seen fills so much of the picture; the rest is for the words about it. */
const FILLED = 0.92;

/** How far behind the middle the highest hill may stand, in diagonals of the floor. */
const BEHIND = 0.2;

const RADIANS = Math.PI / 180;

/** Turned by a hand. */
export class Camera {
  constructor() {
    this.azimuth = HOME.azimuth;
    this.elevation = HOME.elevation;
    this.nearness = HOME.nearness;
  }

  home() {
    Object.assign(this, HOME);
  }

  /**
   * Goes round the hills, and up.
   * @param {number} round degrees
   * @param {number} up degrees
   */
  turn(round, up) {
    this.azimuth = (this.azimuth + round) % 360;
    this.elevation = Math.min(STEEPEST, Math.max(LOWEST, this.elevation + up));
  }

  /** @param {number} factor how many times as wide a part is seen */
  zoom(factor) {
    this.nearness = Math.min(NEAREST, Math.max(FARTHEST, this.nearness / factor));
  }
}

/**
 * Where places of a box are seen in a room of pixels: u across and v along its floor, from the floor's middle, and w
 * above it.
 * @param {{ azimuth: number, elevation: number, nearness: number }} camera
 * @param {{ across: number, along: number }} box the sides of its floor
 * @param {{ width: number, height: number }} room
 * @returns {Projection}
 */
export function projectionOf({ azimuth, elevation, nearness }, { across, along }, { width, height }) {
  const [cosA, sinA] = [Math.cos(azimuth * RADIANS), Math.sin(azimuth * RADIANS)];
  const [cosE, sinE] = [Math.cos(elevation * RADIANS), Math.sin(elevation * RADIANS)];
  const around = Math.hypot(across, along);
  // From the floor's middle to the corner that is nearest, and to what is seen highest: no hill stands far behind.
  const below = (around / 2) * sinE;
  const above = Math.max(below + DROP * cosE, BEHIND * around * sinE + (DROP + RISE) * cosE);
  const scale = FILLED * nearness * Math.min(width / around, height / (above + below));
  return {
    right: [-sinA * scale, cosA * scale],
    down: [cosA * sinE * scale, sinA * sinE * scale, -cosE * scale],
    middle: [width / 2, (height + (above - below) * scale) / 2],
    towards: [cosA, sinA],
  };
}

/**
 * Pixels of one place of the box.
 * @param {Projection} projection
 * @param {number} u
 * @param {number} v
 * @param {number} w
 * @returns {[number, number]}
 */
export const project = ({ right, down, middle }, u, v, w) => [
  middle[0] + right[0] * u + right[1] * v,
  middle[1] + down[0] * u + down[1] * v + down[2] * w,
];
