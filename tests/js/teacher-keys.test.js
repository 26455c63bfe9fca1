import assert from "node:assert/strict";
import test from "node:test";

/** @type {Record<string, string>} */
const stored = {};
let now = 0;
let address = new URL("https://lab.example/lessons?lesson=names");

Object.assign(globalThis, {
  sessionStorage: {
    getItem: (/** @type {string} */ key) => stored[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => (stored[key] = value),
  },
  history: {
    state: {},
    replaceState: (/** @type {{}} */ _, /** @type {string} */ __, /** @type {string} */ to) => open(to),
  },
  location: new Proxy({}, { get: (_, name) => Reflect.get(address, name) }),
});
performance.now = () => now;

/** @param {string} to */
const open = (to) => (address = new URL(to, address));

/** A page that has just been loaded, in the same tab. */
let loads = 0;
const load = () => import(`../../ui/stage/static/hosts/teacher-keys.js?${(loads += 1)}`);

const ROOM = { code: "abcdefghjk", secret: "s3cret" };
const OTHER = { code: "kjhgfedcba", secret: "0ther" };

/** @param {Record<string, unknown>} [others] */
const told = (others) => ({ session: "first", keys: {}, gone: [], ...others });

test("a server that has forgotten its session is told again, whoever loads the page and however often", async () => {
  let page = await load();
  assert.deepEqual(page.keepKeys(told({ keys: { names: ROOM } })), []);
  assert.deepEqual(page.keepKeys(told({ session: "second" })), [ROOM]);
  assert.deepEqual(page.keepKeys(told({ session: "second" })), [], "it is on its way");
  now += 60_000;
  assert.deepEqual(page.keepKeys(told({ session: "second" })), [ROOM], "the file was busy");
  page = await load();
  assert.deepEqual(page.keepKeys(told({ session: "third" })), [ROOM]);
  assert.deepEqual(page.keepKeys(told({ session: "third", keys: { names: ROOM, size: OTHER } })), []);
  assert.deepEqual(page.keepKeys(told({ session: "fourth" })), [ROOM, OTHER]);
});

test("a key goes when Python says by name that it opens nothing, and no other one with it", async () => {
  let page = await load();
  assert.deepEqual(page.keepKeys(told({ session: "fifth", gone: [ROOM.code] })), [OTHER]);
  page = await load();
  assert.deepEqual(page.keepKeys(told({ session: "sixth" })), [OTHER]);
  assert.deepEqual(page.keepKeys(told({ session: "sixth", gone: [OTHER.code] })), []);
  assert.equal(Object.values(stored).join(), "{}");
});

test("a teacher's link gives its key to Python alone, and leaves the address bar at once", async () => {
  const page = await load();
  open(`#teacher=${ROOM.code}.${ROOM.secret}`);
  page.takeLink();
  assert.equal(address.href.replace(/#$/, ""), "https://lab.example/lessons?lesson=names");
  assert.deepEqual(page.keepKeys(told()), [{ ...ROOM, linked: true }]);
  assert.deepEqual(page.keepKeys(told({ keys: { names: ROOM } })), []);
  assert.deepEqual(page.keepKeys(told({ session: "later" })), [ROOM], "now it is known to be right");
  page.keepKeys(told({ gone: [ROOM.code] }));
});
