// The field for a point's number. A redraw, however late, never takes away what is being typed into it.

import { element } from "../draw/dom.js";

export class PointNumber {
  /** @param {(number: number) => void} ask */
  constructor(ask) {
    this.typing = false;
    this.node = element("input", {
      type: "number",
      min: 1,
      step: 1,
      "aria-label": "Ask point number",
      placeholder: "number",
      input: () => (this.typing = true),
      blur: () => (this.typing = false),
      change: () => {
        this.typing = false;
        ask(Number(this.node.value));
      },
    });
  }

  /**
   * Shows which point was asked, counted from 1; null for none.
   * @param {number | null} number
   */
  show(number) {
    if (!this.typing) this.node.value = String(number ?? "");
  }

  /** @param {number} n how many points there are */
  limit(n) {
    this.node.max = String(n);
  }
}
