// Where people are among the pictures, and where they go on when another run comes.

/** @typedef {{ index: number, atEnd: boolean, playing: boolean }} Place */

export class Places {
  constructor() {
    /** The picture on which a run was left, by the run's id. @type {Map<string, number>} */
    this.leftAt = new Map();
    /** Where people were before there was nothing to fit. @type {Place | null} */
    this.kept = null;
  }

  /**
   * Where people are, to be kept under another run; nothing to fit is no place to be, so the last one stays.
   * @param {Run} run
   * @param {number} index
   * @param {number} pictures
   * @param {boolean} playing
   * @returns {Place | null}
   */
  of(run, index, pictures, playing) {
    if (!run.states) return this.kept;
    return { index, atEnd: index > 0 && index === pictures - 1, playing };
  }

  /**
   * Takes leave of a run at picture `index`.
   * @param {Run} run
   * @param {number} index
   */
  leave(run, index) {
    this.leftAt.set(run.id, index);
  }

  /**
   * The picture that a run opens on; `place` is kept if there is one.
   * @param {Run} run
   * @param {Place | null} place
   */
  arrive(run, place) {
    this.kept = run.states ? null : place;
    if (place) return place.atEnd ? Infinity : place.index;
    return run.resumes ? (this.leftAt.get(run.id) ?? run.half_step) : run.half_step;
  }
}
