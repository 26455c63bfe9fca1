// A chart of fits in Streamlit: messages go in, and the id of the fit that somebody picked goes out.

import { FitChart } from "../stages/fit-chart.js";
import { loadPlotly, loadStyle } from "./loading.js";
import { inOrder } from "./queue.js";

/**
 * What Streamlit has mounted: its element, the way to Python, and the chart once Plotly is there.
 * @typedef {{ send: (id: string) => void, queue: Promise<unknown>, ready: Promise<unknown>, chart?: FitChart,
 *   gone?: boolean }} Entry
 */

/** @type {WeakMap<HTMLElement, Entry>} */
const charts = new WeakMap();

/**
 * Mounts, or brings up to date, the chart inside `parent`.
 * @param {{ parent: HTMLElement, data: { message: string }, plotlyUrl: string, styleUrls: string[],
 *   send: (id: string) => void }} component
 */
export async function render({ parent, data, plotlyUrl, styleUrls, send }) {
  const entry = charts.get(parent) ?? mount(parent, plotlyUrl, styleUrls, send);
  entry.send = send;
  return inOrder(entry, () => entry.chart?.receive(data.message));
}

/**
 * @param {HTMLElement} parent
 * @param {string} plotlyUrl
 * @param {string[]} styleUrls
 * @param {(id: string) => void} send
 */
function mount(parent, plotlyUrl, styleUrls, send) {
  const root = /** @type {HTMLElement} */ (parent.querySelector("[data-testid='fit-chart']"));
  /** @type {Entry} */
  const entry = { send, queue: Promise.resolve(), ready: Promise.resolve() };
  charts.set(parent, entry);
  entry.ready = Promise.all([loadPlotly(plotlyUrl), ...styleUrls.map(loadStyle)]).then(([Plotly]) => {
    if (!entry.gone) entry.chart = new FitChart(root, Plotly, (id) => entry.send(id));
  });
  return entry;
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
  const entry = charts.get(parent);
  if (!entry) return;
  entry.gone = true;
  entry.chart?.destroy();
  charts.delete(parent);
}
