// Elements in one line each.

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */

/**
 * An element with attributes (functions become listeners) and children (strings become text).
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    // As an attribute it is forbidden on pages that take style from their own sheets alone.
    else if (name === "style") node.style.cssText = String(value ?? "");
    else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children);
  return node;
}

const ICONS = {
  first: "M5 5h2v14H5zM19 5v14L9 12z",
  back: "M16 5v14L6 12z",
  play: "M7 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  last: "M17 5h2v14h-2zM5 5v14l10-7z",
  screen: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
};

/**
 * A drawing that screen readers pass over.
 * @param {string} name its class
 * @param {string} viewBox
 * @param {string} path
 */
export function drawing(name, viewBox, path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const outline = document.createElementNS("http://www.w3.org/2000/svg", "path");
  outline.setAttribute("d", path);
  outline.setAttribute("fill-rule", "evenodd");
  svg.append(outline);
  return svg;
}

/**
 * A drawn sign, since fonts lack some.
 * @param {keyof typeof ICONS} name
 */
export const icon = (name) => drawing("em-icon", "0 0 24 24", ICONS[name]);

/** @typedef {{ node: HTMLElement, select: HTMLSelectElement }} Chooser */

/**
 * Gives a chooser another label.
 * @param {Chooser} chooser
 * @param {string} label
 */
export function rename({ node, select }, label) {
  select.setAttribute("aria-label", label);
  if (node.firstElementChild) node.firstElementChild.textContent = label;
}

/**
 * A labelled choice of [value, text] pairs; `choose` gets the value.
 * @param {string} label
 * @param {[value: string | number, text: string | number][]} choices
 * @param {(value: string) => void} choose
 * @returns {Chooser}
 */
export function chooser(label, choices, choose) {
  const select = element("select", { "aria-label": label, change: () => choose(select.value) });
  fill(select, choices);
  return { node: element("label", { class: "em-choice" }, element("span", {}, label), select), select };
}

/**
 * Offers other choices.
 * @param {HTMLSelectElement} select
 * @param {[value: string | number, text: string | number][]} choices
 */
export const fill = (select, choices) =>
  select.replaceChildren(...choices.map(([value, text]) => element("option", { value }, String(text))));
