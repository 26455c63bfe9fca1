// The transport: first, back, the next action, play, last, and the scrubber.

import { chooser, element, icon } from "../draw/dom.js";
import { nameOf } from "../words/naming.js";
import { button } from "./button.js";

export class Transport {
  /** @param {import("../stages/stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.first = button("First", icon("first"), { "data-action": "first" }, () => stage.goTo(0));
    this.back = button("Back", icon("back"), { "data-action": "back" }, () => stage.goTo(stage.index - 1));
    const next = { class: "em-primary", title: "Next half-step (→)", "data-action": "next" };
    this.next = button(null, "", next, () => stage.goTo(stage.index + 1));
    const play = { class: "em-play", title: "Play or pause (space)" };
    this.playing = button(null, "", play, () => stage.player.toggle());
    this.last = button("Last", icon("last"), { "data-action": "last" }, () => stage.goTo(Infinity));
    this.speed = chooser(
      "Speed",
      [1, 2, 3, 4].map((speed) => [speed, `${speed}×`]),
      (value) => stage.setSpeed(Number(value)),
    );
    this.scrubber = element("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": "Half-step",
      input: () => stage.scrubTo(Number(this.scrubber.value)),
    });
    this.position = element("output", { class: "em-position", "aria-live": "off" });
    const buttons = [this.first, this.back, this.next, this.playing, this.last, this.speed.node];
    this.node = element(
      "div",
      { class: "em-transport" },
      element("div", { class: "em-buttons" }, ...buttons),
      element("div", { class: "em-scrub" }, this.scrubber, this.position),
    );
  }

  show() {
    const { run, index, player, pictures } = this.stage;
    const last = pictures - 1;
    /** @type {(node: HTMLButtonElement, off: boolean) => void} */
    const disable = (node, off) => void (node.disabled !== off && (node.disabled = off));
    disable(this.first, index === 0);
    disable(this.back, index === 0);
    disable(this.next, index >= last);
    disable(this.last, index >= last);
    disable(this.playing, last === 0);
    this.next.textContent = run.states ? this.stage.nextAction : "Waiting for points";
    const [action, name] = player.playing
      ? /** @type {const} */ (["pause", "Pause"])
      : /** @type {const} */ (["play", "Play"]);
    if (this.playing.textContent !== name) {
      this.playing.dataset.action = action;
      this.playing.replaceChildren(icon(action), name);
    }
    this.speed.select.value = String(player.speed);
    this.scrubber.max = String(last);
    this.scrubber.value = String(index);
    this.scrubber.style.setProperty("--em-done", `${last ? (100 * index) / last : 0}%`);
    const text = nameOf(index, pictures);
    this.scrubber.setAttribute("aria-valuetext", text);
    this.position.textContent = run.states ? text : "";
  }
}
