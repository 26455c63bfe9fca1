// The stage in Streamlit: messages go in, and events and the address out.

import { skipTo } from "../controls/skip.js";
import { openStage } from "../stages/registry.js";
import { addressOf, keepLine, remember } from "./line.js";
import { loadPlotly, loadStyle, offerKatex } from "./loading.js";
import { inOrder } from "./queue.js";

/**
 * What Streamlit has mounted: its element, the way to Python, and the stage once Plotly is there.
 * @typedef {{ send: (events: object[]) => void, queue: Promise<unknown>, ready: Promise<unknown>, gone?: boolean,
 *   stage?: import("../stages/stage.js").Stage, skip?: HTMLElement }} Entry
 */

/** @type {WeakMap<HTMLElement, Entry>} */
const stages = new WeakMap();

/** That of the stage that was left last: another page's stage goes on with it. @type {import("../stages/held-view.js").HeldView | undefined} */
let left;

/**
 * Puts a link on the clipboard; false where the browser does not let it, as on plain http from elsewhere.
 * @param {Record<string, string>} parameters
 */
async function copy(parameters) {
  remember(parameters);
  try {
    await navigator.clipboard.writeText(addressOf(parameters));
    return true;
  } catch {
    return false;
  }
}

/**
 * Mounts, or brings up to date, the stage inside `parent`.
 * @param {{ parent: HTMLElement, data: Uint8Array, plotlyUrl: string, styleUrls: string[],
 *   katex: (() => Promise<{ default: Katex }>) | null, send: (events: object[]) => void }} component
 */
export async function render({ parent, data, plotlyUrl, styleUrls, katex, send }) {
  offerKatex(katex);
  const entry = stages.get(parent) ?? mount(parent, plotlyUrl, styleUrls, send);
  entry.send = send;
  keepLine({
    file: () => entry.stage?.run?.file ?? "",
    flush: () => entry.stage?.outbox.flush(),
    ask: () => entry.send(entry.stage?.outbox.waiting ?? []),
  });
  return inOrder(entry, () => entry.stage?.receive(data));
}

/**
 * @param {HTMLElement} parent
 * @param {string} plotlyUrl
 * @param {string[]} styleUrls
 * @param {(events: object[]) => void} send
 */
function mount(parent, plotlyUrl, styleUrls, send) {
  const root = /** @type {HTMLElement} */ (parent.querySelector("[data-testid='em-stage']"));
  /** @type {Entry} */
  const entry = { send, queue: Promise.resolve(), ready: Promise.resolve() };
  stages.set(parent, entry);
  entry.ready = Promise.all([loadPlotly(plotlyUrl), ...styleUrls.map(loadStyle)]).then(([Plotly]) => {
    if (entry.gone) return;
    const above = () => document.querySelector(".st-key-scene-strip");
    /** @type {Host} */
    const host = { send: (events) => entry.send(events), remember, copy, above };
    entry.stage = openStage(root, Plotly, host, left);
    entry.skip = skipTo(root);
  });
  return entry;
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
  const entry = stages.get(parent);
  if (!entry) return;
  entry.gone = true;
  entry.skip?.remove();
  left = entry.stage?.held;
  entry.stage?.destroy();
  stages.delete(parent);
}
