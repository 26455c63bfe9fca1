// The kinds of stage there are.

import { Comparison } from "./comparison.js";
import { Lab } from "./lab.js";

const KINDS = { lab: Lab, comparison: Comparison };

/** A stage of the kind that its root says it is. */
export const openStage = (root, Plotly, host) => new KINDS[root.dataset.kind](root, Plotly, host);
