// The line to Streamlit's server: the address bar, and what is to be done when a broken line is back.
//
// Streamlit then asks nothing of the server by itself, and whatever it asks later names the address that the page
// was opened with. A server that has started anew, or has forgotten this person, would go on from there.

/** What of Streamlit's page must wait: a server that has not drawn it yet takes no notice of a press on it. */
const WAITING =
  "[data-testid='stSidebar'], [data-testid='stMain'] [data-testid='stElementContainer']:not(:has(.em-stage))";

/** Milliseconds after which people may try all the same. */
const PATIENCE = 10_000;

/** The key in the address, at that one moment, that tells a way back from a first visit. */
const RETURNED = "returned";

/**
 * @param {Record<string, string>} parameters
 */
export function addressOf(parameters) {
  const url = new URL(location.href);
  // Commas may stand as they are, and read better so.
  url.search = new URLSearchParams(parameters).toString().replaceAll("%2C", ",");
  return url.href;
}

/**
 * The address bar holds the experiment: a copied link opens the same picture.
 * @param {Record<string, string>} parameters
 */
export function remember(parameters) {
  const address = addressOf(parameters);
  if (address !== location.href) history.replaceState(history.state, "", address);
}

/** @typedef {{ file: () => string, flush: () => void, ask: () => void }} Place see keepLine */

/** Where the page stands. @type {Place | undefined} */
let place;
/** How far the way back has come; undefined on an ordinary day. @type {"away" | "asking" | "answering" | undefined} */
let way;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {HTMLElement[]} */
const held = [];

/**
 * Keeps an eye on the line for a page whose place has file(), the name of the uploaded file that the server holds;
 * flush(), which writes down an address still to be written; and ask(), which makes Python run with everything
 * that people have set.
 * @param {Place} newest
 */
export function keepLine(newest) {
  const first = !place;
  place = newest;
  if (!first) return;
  const app = /** @type {HTMLElement} */ (document.querySelector("[data-testid='stApp']"));
  const attributeFilter = ["data-test-connection-state", "data-test-script-state"];
  new MutationObserver(() => changed(app.dataset)).observe(app, { attributeFilter });
}

/**
 * @param {DOMStringMap} line
 */
function changed({ testConnectionState: line, testScriptState: script }) {
  if (line !== "CONNECTED") {
    way = "away";
    hold(true);
  } else if (way === "away") {
    way = script === "running" ? "answering" : "asking";
    clearTimeout(timer);
    timer = setTimeout(() => hold(false), PATIENCE);
    comeBack();
  } else if (way === "asking" && script === "running") way = "answering";
  else if (way === "answering" && script !== "running") {
    way = undefined;
    hold(false);
  }
}

/**
 * @param {boolean} waiting
 */
function hold(waiting) {
  for (const node of held.splice(0)) node.inert = false;
  if (waiting) held.push(.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(WAITING)));
  for (const node of held) node.inert = true;
}

/** Tells the server where this page stands, in the one way that makes Streamlit read the address bar: as if people
 * had gone back in the history. That leaves out what they set outside the address, so it is sent after. */
function comeBack() {
  if (!place) return;
  place.flush();
  const { state } = history;
  const address = location.href;
  const url = new URL(address);
  url.searchParams.set(RETURNED, place.file());
  history.replaceState(state, "", url);
  window.dispatchEvent(new PopStateEvent("popstate", { state }));
  history.replaceState(state, "", address);
  place.ask();
}

/**
 * Keeps address and line of a page that has no stage.
 * @param {{ data: { address: Record<string, string>, file: string }, send: (events: object[]) => void }} page
 */
export function keepAddress({ data, send }) {
  remember(data.address);
  keepLine({ file: () => data.file, flush() {}, ask: () => send([]) });
}
