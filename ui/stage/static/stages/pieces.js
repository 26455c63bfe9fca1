// Fits that take long, in pieces, so that the page stays alive.

/** Lets the page have its turn. */
const rest = () => new Promise((resume) => setTimeout(resume));

/**
 * Takes the steps of a fit up to its end; false where it was broken off.
 * @param {import("../model/em.js").Fitting} fitting
 * @param {object} how
 * @param {number} how.piece milliseconds of work after which the page has its turn
 * @param {() => boolean} how.broken whether nobody wants the fit any more
 * @param {() => void} [how.heard] is called before each rest
 */
export async function inPieces(fitting, { piece, broken, heard }) {
  let rested = performance.now();
  while (!fitting.ended) {
    fitting.step();
    if (performance.now() - rested < piece) continue;
    heard?.();
    await rest();
    if (broken()) return false;
    rested = performance.now();
  }
  return true;
}

/**
 * As `inPieces`, after a rest: many short fits one after the other are a long one.
 * @param {() => import("../model/em.js").Fitting} begin
 * @param {{ piece: number, broken: () => boolean }} how
 * @returns {Promise<import("../model/em.js").Fitting | null>} null where it was broken off
 */
export async function afterARest(begin, how) {
  await rest();
  if (how.broken()) return null;
  const fitting = begin();
  return (await inPieces(fitting, how)) ? fitting : null;
}
