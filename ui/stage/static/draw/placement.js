// Where something small goes beside a mark: within the window, and not upon the mark.

/** CSS pixels between it and the mark, and between it and the edge of the window. */
const GAP = 10;
const EDGE = 6;

/**
 * The left top corner of a card beside a mark. It goes to the first side where it has room; where it has none, it
 * stays within the window on the side with the most.
 * @param {Box} mark in the pixels of the window
 * @param {{ width: number, height: number }} card
 * @param {{ width: number, height: number }} room that of the window
 * @param {boolean} [finger] whether a finger lies on the mark, and the hand below it
 */
export function placeBeside(mark, card, room, finger = false) {
  const across = within((mark.left + mark.right - card.width) / 2, card.width, room.width);
  const upwards = within((mark.top + mark.bottom - card.height) / 2, card.height, room.height);
  const right = { left: mark.right + GAP, top: upwards, free: room.width - mark.right - card.width };
  const left = { left: mark.left - GAP - card.width, top: upwards, free: mark.left - card.width };
  const above = { left: across, top: mark.top - GAP - card.height, free: mark.top - card.height };
  const below = { left: across, top: mark.bottom + GAP, free: room.height - mark.bottom - card.height };
  const sides = finger ? [above, below, right, left] : [right, left, above, below];
  const most = sides.reduce((best, side) => (side.free > best.free ? side : best));
  const side = sides.find(({ free }) => free >= GAP + EDGE) ?? most;
  return {
    left: within(side.left, card.width, room.width),
    top: within(side.top, card.height, room.height),
  };
}

/**
 * A place moved so far that what begins there lies within the room.
 * @param {number} place
 * @param {number} size
 * @param {number} room
 */
const within = (place, size, room) => Math.max(EDGE, Math.min(place, room - size - EDGE));
