// A teacher's keys, kept by this tab alone: a page that is loaded again, or whose server has forgotten it, goes on with
// its rooms, and no address bar on a screen shows a secret.

const KEY = "gmm-lab rooms";

/** @typedef {Record<string, { code: string, secret: string }>} Keys by lesson */

/** Of Python's session, once it has spoken. @type {string | undefined} */
let session;

/**
 * Keeps what Python says the keys are by now. Answers those that a session which has just begun does not know yet.
 * @param {string} told the name of its session
 * @param {Keys} keys
 */
export function keepKeys(told, keys) {
  const before = kept();
  const begins = told !== session;
  session = told;
  const unknown = begins ? Object.entries(before).filter(([lesson]) => !(lesson in keys)) : [];
  try {
    sessionStorage.setItem(KEY, JSON.stringify(keys));
  } catch {
    // Then the teacher's link is the only way back.
  }
  return unknown.map(([, key]) => key);
}

/** @returns {Keys} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
