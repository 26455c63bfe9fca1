// What is done to something that is mounted is done in order, one thing after the other.

/**
 * What Streamlit has mounted, as far as order goes: what is under way, what it waits for before anything is done, and
 * whether it has gone from the page.
 * @typedef {{ queue: Promise<unknown>, ready: Promise<unknown>, gone?: boolean }} Mounted
 */

/**
 * Does something once all before it is done, unless it has gone by then; what failed does not hold up the next.
 * @param {Mounted} entry
 * @param {() => unknown} act
 */
export function inOrder(entry, act) {
  entry.queue = entry.queue
    .catch(() => {})
    .then(() => entry.ready)
    .then(() => (entry.gone ? undefined : act()));
  return entry.queue;
}
