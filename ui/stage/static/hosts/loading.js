// What a page loads once, whatever is mounted on it: Plotly, the style sheets, and what sets formulas.

import { useKatex } from "../draw/formula.js";

/**
 * @param {HTMLScriptElement | HTMLLinkElement} node
 * @param {string} address
 */
const load = (node, address) =>
  new Promise((resolve, reject) => {
    node.onload = resolve;
    node.onerror = () => reject(new Error(`The page could not load ${address}; reload it.`));
    document.head.append(node);
  });

/** @type {Promise<PlotlyLibrary> | undefined} */
let plotly;
/**
 * Plotly as the installed Python package brings it; other copies on the page are not touched.
 * @param {string} src
 * @returns {Promise<PlotlyLibrary>}
 */
export function loadPlotly(src) {
  plotly ??= (async () => {
    const page = /** @type {any} */ (window);
    const before = page.Plotly;
    await load(Object.assign(document.createElement("script"), { src }), src);
    const loaded = page.Plotly;
    if (before) page.Plotly = before;
    return loaded;
  })();
  return plotly;
}

/** By address. @type {Map<string, Promise<unknown>>} */
const styled = new Map();
/** @param {string} href */
export function loadStyle(href) {
  const loading =
    styled.get(href) ??
    load(Object.assign(document.createElement("link"), { rel: "stylesheet", href }), href);
  styled.set(href, loading);
  return loading;
}

/**
 * Streamlit's own KaTeX, whose style sheet is on Streamlit's page; without one formulas are plain text.
 * @param {(() => Promise<{ default: Katex }>) | null} load
 */
export function offerKatex(load) {
  if (load) useKatex(() => load().then((module) => module.default), "htmlAndMathml");
}
