// Elements in one line each.

/** An element with attributes (functions become listeners) and children (strings become text). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** A labelled choice: `choices` are [value, text] pairs; `choose` gets the value. */
export function chooser(label, choices, choose) {
  const select = element("select", { "aria-label": label, change: () => choose(select.value) });
  select.append(...choices.map(([value, text]) => element("option", { value }, text)));
  return { node: element("label", { class: "em-choice" }, element("span", {}, label), select), select };
}
