// Things that are made once: what was drawn for the same object need not be drawn again.

/**
 * `make`, which then gives the same object each time it is asked for the same run and keys.
 * @template {object} R
 * @template {(string | number)[]} K
 * @template V
 * @param {(run: R, ...keys: K) => V} make
 * @returns {(run: R, ...keys: K) => V}
 */
export function remembering(make) {
  /** @type {WeakMap<R, Map<string, V>>} */
  const kept = new WeakMap();
  return (run, ...keys) => {
    let ofRun = kept.get(run);
    if (!ofRun) kept.set(run, (ofRun = new Map()));
    const key = keys.join(" ");
    let value = ofRun.get(key);
    if (value === undefined) ofRun.set(key, (value = make(run, ...keys)));
    return value;
  };
}
