// The buttons: a transport that steps, plays and scrubs, and a bar that says how the picture is drawn.

import { BACKGROUNDS } from "../draw/background.js";
import { VIEWS } from "../draw/colour.js";
import { LEVELS, levelText } from "../words/narration.js";
import { TOOLS } from "./pointer.js";
import { nameOf } from "../model/timeline.js";
import { chooser, element, icon } from "../draw/dom.js";

/** A button whose name is `name`, or, without one, the words it shows. After a click by hand the focus goes back to the stage, so that space plays and does not click again. */
const button = (name, text, attributes, act) =>
  element(
    "button",
    {
      type: "button",
      "aria-label": name,
      title: name,
      ...attributes,
      click: (event) => {
        if (event.detail > 0) event.currentTarget.closest(".em-stage").focus({ preventScroll: true });
        act();
      },
    },
    text,
  );

/** First, back, the next action, play, last, and the scrubber. */
export class Transport {
  constructor(stage) {
    this.stage = stage;
    this.first = button("First", icon("first"), { "data-action": "first" }, () => stage.goTo(0));
    this.back = button("Back", icon("back"), { "data-action": "back" }, () => stage.goTo(stage.index - 1));
    this.next = button(
      null,
      "",
      { class: "em-primary", title: "Next half-step (→)", "data-action": "next" },
      () => stage.goTo(stage.index + 1),
    );
    this.playing = button(null, "", { class: "em-play", title: "Play or pause (space)" }, () =>
      stage.player.toggle(),
    );
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
    this.node = element(
      "div",
      { class: "em-transport" },
      element(
        "div",
        { class: "em-buttons" },
        this.first,
        this.back,
        this.next,
        this.playing,
        this.last,
        this.speed.node,
      ),
      element("div", { class: "em-scrub" }, this.scrubber, this.position),
    );
  }

  show() {
    const { run, index, player, pictures } = this.stage;
    const last = pictures - 1;
    const disable = (node, off) => node.disabled !== off && (node.disabled = off);
    disable(this.first, index === 0);
    disable(this.back, index === 0);
    disable(this.next, index >= last);
    disable(this.last, index >= last);
    disable(this.playing, last === 0);
    this.next.textContent = run.states ? this.stage.nextAction : "Waiting for points";
    const name = player.playing ? "Pause" : "Play";
    if (this.playing.textContent !== name) {
      this.playing.dataset.action = name.toLowerCase();
      this.playing.replaceChildren(icon(name.toLowerCase()), name);
    }
    this.speed.select.value = player.speed;
    this.scrubber.max = last;
    this.scrubber.value = index;
    this.scrubber.style.setProperty("--em-done", `${last ? (100 * index) / last : 0}%`);
    const text = nameOf(index, pictures);
    this.scrubber.setAttribute("aria-valuetext", text);
    this.position.textContent = run.states ? text : "";
  }
}

/** How the picture is drawn, what the hand does, and where the picture goes. */
export class Toolbar {
  constructor(stage) {
    this.stage = stage;
    const set =
      (name, read = (value) => value) =>
      (value) =>
        stage.setView({ [name]: read(value) });
    this.colour = chooser("Colours", [], (value) => this.chooseColour(value));
    this.behind = chooser(
      "Behind",
      Object.entries(BACKGROUNDS).map(([name, { title }]) => [name, title]),
      set("behind"),
    );
    this.level = chooser(
      "Ellipses",
      LEVELS.map((level) => [level, level === 1 ? levelText(level) : `1 σ and ${levelText(level)}`]),
      set("level", Number),
    );
    this.scale = chooser(
      "Axes",
      [
        ["equal", "Equal scale"],
        ["free", "Free scale"],
      ],
      set("scale"),
    );
    this.tools = element("div", { class: "em-tools", role: "group", "aria-label": "What the pointer does" });
    this.toolButtons = Object.entries(TOOLS).map(([name, title]) =>
      button(title, title, { "aria-pressed": "false" }, () => stage.setTool(name)),
    );
    this.trails = button("Trails of the means", "Trails", {}, () =>
      stage.setView({ trails: !stage.view.trails }),
    );
    this.glyphs = button("Glyphs of the components", "Glyphs", {}, () => stage.toggleGlyphs());
    this.tools.append(...this.toolButtons);
    this.x = element("input", {
      type: "number",
      step: "any",
      "aria-label": "x of the new point",
      placeholder: "x",
    });
    this.y = element("input", {
      type: "number",
      step: "any",
      "aria-label": "y of the new point",
      placeholder: "y",
    });
    this.typed = element("span", {}, this.x, this.y, element("button", { type: "submit" }, "Add"));
    this.editing = element(
      "form",
      { class: "em-editing", submit: (event) => this.addTyped(event) },
      this.typed,
      button("Clear all points", "Clear all", {}, () => stage.clearPoints()),
    );
    this.copier = button("Copy link", "Link", { title: "Copy a link to this picture" }, () =>
      this.copyLink(),
    );
    this.more = (stage.choosers ?? []).map(({ node }) => node);
    this.node = element(
      "div",
      { class: "em-toolbar" },
      this.colour.node,
      this.behind.node,
      this.level.node,
      ...this.more,
      this.scale.node,
      this.tools,
      element(
        "div",
        { class: "em-tools" },
        this.trails,
        this.glyphs,
        button("Zoom in", "+", {}, () => stage.zoom(0.8)),
        button("Zoom out", "−", {}, () => stage.zoom(1.25)),
        button("Fit the view", "Fit", {}, () => stage.fit()),
        button("Save as PNG", "PNG", {}, () => stage.save("png")),
        button("Save as SVG", "SVG", {}, () => stage.save("svg")),
        ...(stage.host.copy ? [this.copier] : []),
        stage.presentation.button,
        button("Full screen", icon("screen"), {}, () => stage.fullScreen()),
      ),
    );
  }

  /** The choices that a run allows: one entry for each component, truth only where it is known. */
  offer(run) {
    this.tools.hidden = this.stage.readOnly;
    const choices = Object.entries(VIEWS)
      .filter(([name]) => name !== "component" && (name !== "truth" || run.labels))
      .map(([name, { title }]) => [name, title]);
    for (let k = 0; k < run.components; k++) choices.push([`component ${k}`, `Component ${k + 1}`]);
    this.colour.select.replaceChildren(...choices.map(([value, text]) => element("option", { value }, text)));
  }

  chooseColour(value) {
    const [colour, one] = value.split(" ");
    this.stage.setView({ colour, one: Number(one ?? 0) });
  }

  async copyLink() {
    const copied = await this.stage.host.copy(this.stage.address());
    this.copier.textContent = copied ? "Copied" : "See the address bar";
    setTimeout(() => (this.copier.textContent = "Link"), 1600);
  }

  addTyped(event) {
    event.preventDefault();
    if (this.x.value === "" || this.y.value === "") return;
    this.stage.addLocally([[Number(this.x.value), Number(this.y.value)]]);
    this.stage.sendAdded();
  }

  show() {
    const { view, tool, scale, run } = this.stage;
    this.colour.select.value = view.colour === "component" ? `component ${view.one}` : view.colour;
    this.behind.select.value = view.behind;
    this.level.select.value = view.level;
    this.scale.select.value = scale;
    this.trails.setAttribute("aria-pressed", String(view.trails));
    this.glyphs.setAttribute("aria-pressed", String(this.stage.glyphed));
    Object.keys(TOOLS).forEach((name, i) =>
      this.toolButtons[i].setAttribute("aria-pressed", String(name === tool)),
    );
    this.editing.hidden = tool === "look";
    this.typed.hidden = tool !== "add";
    this.behind.select.disabled = !run.states;
  }
}
