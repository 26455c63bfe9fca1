// A teacher's keys, kept by this tab alone: a page that is loaded again goes on with its rooms, and no address bar on
// a screen shows a secret.

const KEY = "gmm-lab rooms";

/** Whether this page has had keys; before that an empty answer of Python's means that it knows of none yet. */
let had = false;

/**
 * Keeps what Python says they are by now.
 * @param {Record<string, { code: string, secret: string }>} keys by lesson
 */
export function keepKeys(keys) {
  const some = Object.keys(keys).length > 0;
  if (!some && !had) return;
  had = some;
  try {
    if (some) sessionStorage.setItem(KEY, JSON.stringify(keys));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Then the teacher's link is the only way back.
  }
}

/** Those of the page before this one was loaded; empty for none, and after they were taken. */
export function takeKeys() {
  if (had) return [];
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    sessionStorage.removeItem(KEY);
    return Object.values(kept);
  } catch {
    return [];
  }
}
