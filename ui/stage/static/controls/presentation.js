// The stage in a lecture hall: it fills the window, with large letters, and carries the few controls that the
// sidebar, folded away, would have.

import { chooser, element, fill } from "../draw/dom.js";

/** On the page while it is so: what stands around the stage is out of sight, and out of the way of Tab. */
const ALONE = "em-alone";

export class Presentation {
  /** @param {import("../stages/stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.components = chooser("Components K", [], (value) => this.send("choose_components", Number(value)));
    this.family = chooser("Family", [], (value) => this.send("choose_family", value));
    this.start = element(
      "button",
      { type: "button", title: "The same points, other first guesses", click: () => this.send("new_start") },
      "New start",
    );
    const leave = { type: "button", title: "Leave this view (p or Escape)", click: () => this.toggle() };
    this.leaver = element("button", leave, "Leave");
    this.button = element(
      "button",
      {
        type: "button",
        "aria-pressed": "false",
        title: "Fill the window, with large letters, for a lecture hall (p)",
        click: () => this.toggle(),
      },
      "Present",
    );
    this.controls = element("div", { class: "em-tools" }, this.components.node, this.family.node, this.start);
    this.node = element("div", { class: "em-bar", role: "group", "aria-label": "Presenting" });
  }

  get on() {
    return this.stage.view.present;
  }

  /**
   * @param {string} type
   * @param {string | number} [value]
   */
  send(type, value) {
    this.stage.tell({ type, value });
  }

  /** As any full screen is left. */
  leave() {
    if (this.on) this.toggle();
  }

  async toggle() {
    const { stage } = this;
    stage.view.present = !this.on;
    this.show();
    stage.root.focus({ preventScroll: true });
    await stage.retheme();
    stage.outbox.remember(stage.reporter.address());
  }

  /** Brings the page to what the view says, and the controls to what Python offers. */
  show() {
    const { root, run } = this.stage;
    root.classList.toggle("em-present", this.on);
    document.documentElement.classList.toggle(ALONE, this.on);
    const offered = this.on && this.stage.offers({ type: "new_start" }) ? run.controls : null;
    this.node.replaceChildren(...(offered ? [this.controls] : []), ...(this.on ? [this.leaver] : []));
    if (!offered) return;
    const ks = Array.from({ length: offered.most_components }, (_, i) => i + 1);
    fill(
      this.components.select,
      ks.map((k) => [k, k]),
    );
    this.components.select.value = String(offered.components);
    fill(this.family.select, offered.families);
    this.family.select.value = offered.family;
    this.start.disabled = !offered.new_start;
  }

  destroy() {
    document.documentElement.classList.remove(ALONE);
  }
}
