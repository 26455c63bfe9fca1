// All hands on a picture: the pointer, the buttons on components, two fingers and the wheel.

import { element } from "../draw/dom.js";
import { watchGestures } from "./gestures.js";
import { Hand } from "./hand.js";
import { AXES, Handles, MEAN, WIDTH } from "./handles.js";

/** Milliseconds for which a hint stands on the picture. */
const HINT = 4000;

export class Hands {
  /** @param {import("../stages/pane.js").Pane} pane */
  constructor(pane) {
    const { picture } = pane;
    this.picture = picture;
    this.hand = new Hand(pane);
    this.handles = new Handles(pane, MEAN);
    this.widths = new Handles(pane, WIDTH);
    this.axes = AXES.map((axis) => new Handles(pane, axis));
    this.handled = [this.widths, this.handles, ...this.axes];
    this.hint = element("div", { class: "em-hint", hidden: true });
    /** @type {Set<string>} */
    this.hinted = new Set();
    picture.plot.after(...this.handled.map(({ node }) => node));
    picture.node.append(this.hint);
    watchGestures(picture.node, {
      zoom: (factor, from, to) => pane.gesture(factor, from, to),
      grasp: () => [this.hand, ...this.handled].forEach((held) => held.letGo()),
      refuse: (words) => this.advise(words),
    });
  }

  /**
   * Takes up a run: a button for each of its means, and of its widths or axes.
   * @param {Run} run
   * @param {Theme} theme
   */
  begin(run, theme) {
    const colours = theme.palette.slice(0, run.states ? run.components : 0);
    this.handles.build(colours, theme.glyphs);
    const onALine = run.dimensions === 1;
    this.widths.build(onALine ? colours : [], theme.glyphs);
    for (const axis of this.axes) axis.build(onALine ? [] : colours, theme.glyphs);
  }

  /**
   * Puts every button where its component is.
   * @param {Frame} frame
   * @param {Components} components
   */
  place(frame, components) {
    for (const handles of this.handled) handles.place(frame, components);
  }

  /** @param {string} tool */
  setTool(tool) {
    this.hand.tool = tool;
    this.picture.node.dataset.tool = tool;
  }

  /**
   * Says once what a hand should do to zoom.
   * @param {string} words
   */
  advise(words) {
    if (this.hinted.has(words)) return;
    this.hinted.add(words);
    this.hint.textContent = words;
    this.hint.hidden = false;
    setTimeout(() => (this.hint.hidden = true), HINT);
  }
}
