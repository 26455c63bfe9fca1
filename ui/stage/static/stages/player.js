// The clock of playing: from one picture to the next, with the time between them shared out.

/** Milliseconds a half-step takes at speeds 1 to 4. */
const DURATIONS = [1600, 800, 350, 120];

/** The part of a half-step that is movement; the rest is time to look. */
const MOVING = 0.6;

/** @param {number} share */
const ease = (share) => share * share * (3 - 2 * share);

export class Player {
  /**
   * `advance()` goes to the next picture and says whether there was one, `again()` back to the first and on;
   * `move(share)` draws between.
   * @param {{ advance: () => boolean, again: () => boolean, move: (share: number) => void, changed: () => void }} acts
   */
  constructor({ advance, again, move, changed }) {
    this.advance = advance;
    this.again = again;
    this.move = move;
    this.changed = changed;
    this.speed = 1;
    this.playing = false;
    this.moving = false;
    /** When the picture was reached. */
    this.arrived = 0;
    this.request = 0;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.tick = this.tick.bind(this);
  }

  play() {
    if (this.playing || !(this.advance() || this.again())) return;
    this.playing = true;
    this.arrived = performance.now();
    this.moving = true;
    this.changed();
    this.request = requestAnimationFrame(this.tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.move(1);
    this.changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} now */
  tick(now) {
    if (!this.playing) return;
    const duration = DURATIONS[this.speed - 1];
    const elapsed = now - this.arrived;
    if (elapsed >= duration) {
      if (!this.advance()) {
        this.pause();
        return;
      }
      this.arrived = elapsed < 2 * duration ? this.arrived + duration : now;
      this.moving = true;
    }
    if (this.moving) {
      const moved = (now - this.arrived) / (MOVING * duration);
      const share = this.still.matches ? 1 : Math.min(1, Math.max(0, moved));
      this.move(ease(share));
      this.moving = share < 1;
    }
    this.request = requestAnimationFrame(this.tick);
  }
}
