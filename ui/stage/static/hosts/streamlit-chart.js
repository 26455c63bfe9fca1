// A chart of fits in Streamlit: messages go in, and the id of the fit that somebody picked goes out.

import { FitChart } from "../stages/fit-chart.js";
import { loadPlotly, loadStyle } from "./loading.js";

/**
 * What Streamlit has mounted: its element, the way to Python, and the chart once Plotly is there.
 * @typedef {{ send: (id: string) => void, queue: Promise<unknown>, chart?: FitChart, gone?: boolean }} Entry
 */

/** @type {WeakMap<HTMLElement, Entry>} */
const charts = new WeakMap();

/**
 * Mounts, or brings up to date, the chart inside `parent`.
 * @param {{ parent: HTMLElement, data: { message: string }, plotlyUrl: string, styleUrls: string[],
 *   send: (id: string) => void }} component
 */
export async function render({ parent, data, plotlyUrl, styleUrls, send }) {
  /** @type {Entry} */
  const entry = charts.get(parent) ?? { send, queue: Promise.resolve() };
  charts.set(parent, entry);
  entry.send = send;
  // One message at a time, in order; one that failed does not hold up the next.
  entry.queue = entry.queue
    .catch(() => {})
    .then(() => Promise.all([loadPlotly(plotlyUrl), ...styleUrls.map(loadStyle)]))
    .then(([Plotly]) => {
      if (entry.gone) return undefined;
      const root = /** @type {HTMLElement} */ (parent.querySelector("[data-testid='fit-chart']"));
      entry.chart ??= new FitChart(root, Plotly, (id) => entry.send(id));
      return entry.chart.receive(data.message);
    });
  return entry.queue;
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
  const entry = charts.get(parent);
  if (!entry) return;
  entry.gone = true;
  entry.chart?.destroy();
  charts.delete(parent);
}
