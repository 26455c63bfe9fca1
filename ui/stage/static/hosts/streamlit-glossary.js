// The glossary in Streamlit: one for all pages, however often they are drawn.

import { openGlossary } from "../controls/glossary/glossary.js";
import { loadStyle, offerKatex } from "./loading.js";

/** @type {import("../controls/glossary/glossary.js").Glossary | undefined} */
let glossary;

/**
 * @param {{ parent: HTMLElement, data: { terms: string }, styleUrls: string[],
 *   katex: (() => Promise<{ default: Katex }>) | null }} component
 */
export async function render({ parent, data, styleUrls, katex }) {
  offerKatex(katex);
  await Promise.all(styleUrls.map(loadStyle));
  // The page's script runs again and again, with the same terms.
  glossary ??= openGlossary(document, JSON.parse(data.terms), document.documentElement.lang);
  glossary.wear(parent);
}
