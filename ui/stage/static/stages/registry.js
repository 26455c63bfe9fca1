// The kinds of stage there are.

import { Comparison } from "./comparison.js";
import { Lab } from "./lab.js";

/** @type {Record<string, new (root: HTMLElement, Plotly: PlotlyLibrary, host: Host, earlier?: import("./held-view.js").HeldView) => import("./stage.js").Stage>} */
const KINDS = { lab: Lab, comparison: Comparison };

/**
 * A stage of the kind that its root says it is; it goes on with the view of an `earlier` one.
 * @param {HTMLElement} root
 * @param {PlotlyLibrary} Plotly
 * @param {Host} host
 * @param {import("./held-view.js").HeldView} [earlier]
 */
export const openStage = (root, Plotly, host, earlier) =>
  new KINDS[root.dataset.kind ?? ""](root, Plotly, host, earlier);
