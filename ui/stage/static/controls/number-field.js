// A field for a number. A redraw, however late, never takes away what is being typed into it.

import { element } from "../draw/dom.js";

export class NumberField {
  /**
   * `typed` hears of every number on the way, `entered` of the one that stands when the field is left.
   * @param {Record<string, import("../draw/dom.js").Attribute>} attributes
   * @param {{ typed?: (number: number) => void, entered: (number: number) => void }} acts
   */
  constructor(attributes, { typed, entered }) {
    this.typing = false;
    this.node = element("input", {
      type: "number",
      ...attributes,
      input: () => {
        this.typing = true;
        typed?.(this.number);
      },
      blur: () => (this.typing = false),
      change: () => {
        this.typing = false;
        entered(this.number);
      },
    });
  }

  /** NaN where there is none. */
  get number() {
    return this.node.value === "" ? NaN : Number(this.node.value);
  }

  /** @param {string | number} value "" for none */
  show(value) {
    if (!this.typing && this.node.value !== String(value)) this.node.value = String(value);
  }
}

/**
 * The field for the number of a point, counted from 1.
 * @param {(number: number) => void} ask
 */
export const pointNumber = (ask) =>
  new NumberField(
    { min: 1, step: 1, "aria-label": "Ask point number", placeholder: "number" },
    { entered: ask },
  );
