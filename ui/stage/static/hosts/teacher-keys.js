// A teacher's keys, kept by this tab alone: a page that is loaded again, or whose server has forgotten it, goes on with
// its rooms, and no address bar on a screen shows a secret. They are kept until Python says by name that one opens
// nothing any more: a server that knows none may only have forgotten them.

const KEY = "gmm-lab rooms";

const LINK = "#teacher=";

/** Milliseconds before keys that the same session has not taken are offered once more: each offer is a message. */
const PAUSE = 5_000;

/**
 * @typedef {{ code: string, secret: string, linked?: boolean }} TeacherKey whether a link brought it, which may be wrong
 * @typedef {Record<string, TeacherKey>} Keys by lesson
 */

/** @type {Keys | undefined} */
let kept;

/** Of Python's session, once keys were offered to it. @type {string | undefined} */
let asked;
let askedAt = 0;

/** Takes the key out of a teacher's link: the address bar shows it no longer, and no server ever has it in a log. */
export function takeLink() {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(LINK)) return;
  history.replaceState(history.state, "", pathname + search);
  const [code, secret = ""] = hash.slice(LINK.length).split(".");
  keep({ ...keys(), [new URLSearchParams(search).get("lesson") ?? ""]: { code, secret, linked: true } });
}

/**
 * Keeps what Python says the keys are by now. Answers those that it has to be told of.
 * @param {{ session: string, keys: Keys, gone: string[] }} told the name of its session, the keys it knows, and the
 *   codes of those that open nothing
 */
export function keepKeys({ session, keys: known, gone }) {
  const before = Object.entries(keys()).filter(([, { code }]) => !gone.includes(code));
  keep({ ...Object.fromEntries(before), ...known });
  const unknown = before.filter(([lesson]) => !(lesson in known)).map(([, key]) => key);
  const now = performance.now();
  if (!unknown.length || (session === asked && now - askedAt < PAUSE)) return [];
  [asked, askedAt] = [session, now];
  return unknown;
}

/** @returns {Keys} */
function keys() {
  try {
    kept ??= JSON.parse(sessionStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    // Then the teacher's link is the only way back.
  }
  return kept ?? {};
}

/** @param {Keys} newest */
function keep(newest) {
  kept = newest;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(newest));
  } catch {
    // As above.
  }
}
