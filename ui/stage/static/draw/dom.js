// Elements in one line each.

/** An element with attributes (functions become listeners) and children (strings become text). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : value);
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

/** A drawn sign, since fonts lack some: first, back, play, pause, last or screen. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "em-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A labelled choice: `choices` are [value, text] pairs; `choose` gets the value. */
export function chooser(label, choices, choose) {
  const select = element("select", { "aria-label": label, change: () => choose(select.value) });
  select.append(...choices.map(([value, text]) => element("option", { value }, text)));
  return { node: element("label", { class: "em-choice" }, element("span", {}, label), select), select };
}
