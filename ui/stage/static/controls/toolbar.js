// The toolbar: how the picture is drawn, what the hand does, and where the picture goes.

import { chooser, element, fill, icon, rename } from "../draw/dom.js";
import { levelText } from "../words/format.js";
import { button } from "./button.js";
import { EDITING, TOOLS } from "./hand.js";
import { foldAllBut } from "./fold.js";

/** Why no hand may put in or take out points. */
const UNKNOWN = "With more than two columns a point has numbers that the picture does not show.";

const FROM_THE_SIDE = "Points are put in and taken out on the flat picture.";

/** Milliseconds for which the copied link is said to be so. */
const COPIED = 1600;

/** How many points a click may put in. @type {[number, string][]} */
const SPRAYS = [
  [1, "1 point"],
  [5, "5 points"],
  [20, "20 points"],
];

/** The events that a tool sends. @type {Record<string, string[]>} */
const NEEDS = { shape: ["move_mean", "undo"], add: ["add_points"], remove: ["remove_point"] };

export class Toolbar {
  /** @param {import("../stages/stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.colour = chooser("Colours", [], (value) => this.chooseColour(value));
    this.background = chooser("Behind", [], (behind) => stage.setView({ behind }));
    this.level = chooser("Ellipses", [], (level) => stage.setView({ level: Number(level) }));
    this.scale = chooser("Axes", [], (scale) => stage.setView({ scale }));
    this.sample = chooser("Points", [], (drawn) => stage.setView({ drawn }));
    this.toolButtons = Object.entries(TOOLS)
      .filter(([name]) => name !== "shape" || stage.shapes)
      .map(([name, [word, title]]) => ({
        name,
        title,
        node: button(title, word, { "aria-pressed": "false" }, () => stage.setTool(name)),
      }));
    this.tools = element(
      "div",
      { class: "em-tools", role: "group", "aria-label": "What the pointer does" },
      ...this.toolButtons.map(({ node }) => node),
    );
    this.undo = button("Undo", "Undo", {}, () => stage.tell({ type: "undo" }));
    const trail = () => stage.setView({ trails: !stage.view.trails });
    this.trails = button("Trails of the means", "Trails", {}, trail);
    this.margins = button("Margins: the mixture along each axis", "Margins", {}, () =>
      stage.setView({ margins: !stage.view.margins }),
    );
    this.glyphs = button("Glyphs of the components", "Glyphs", {}, () => stage.toggleGlyphs());
    const pie = () => stage.setView({ glyphs: stage.view.glyphs === "pies" ? "auto" : "pies" });
    this.pies = button("Pies of the shares", "Pies", {}, pie);
    this.copier = button("Copy link", "Link", { title: "Copy a link to this picture" }, () =>
      this.copyLink(),
    );
    /** What a host may keep in sight. @type {Record<string, HTMLElement>} */
    this.named = {
      colour: this.colour.node,
      behind: this.background.node,
      level: this.level.node,
      drawn: this.sample.node,
      margins: this.margins,
      pies: this.pies,
    };
    const choosers = [this.colour, this.background, this.level, this.scale, this.sample];
    this.node = element(
      "div",
      { class: "em-toolbar" },
      ...choosers.map(({ node }) => node),
      this.tools,
      this.undo,
      element(
        "div",
        { class: "em-tools" },
        this.trails,
        this.margins,
        this.glyphs,
        this.pies,
        button("Zoom in", "+", {}, () => stage.zoom(0.8)),
        button("Zoom out", "−", {}, () => stage.zoom(1.25)),
        button("Fit the view", "Fit", {}, () => stage.fit()),
        button("Save as PNG", "PNG", {}, () => stage.save("png")),
        button("Save as SVG", "SVG", {}, () => stage.save("svg")),
        ...(stage.host.copy ? [this.copier] : []),
        stage.presentation.button,
        button("Full screen", icon("screen"), {}, () => stage.sizing?.fullScreen()),
      ),
    );
    const { tools } = stage.host;
    if (tools)
      foldAllBut(this.node, [...tools.map((name) => this.named[name]), this.undo, stage.presentation.button]);
    this.x = number("x");
    this.y = number("y");
    this.spray = chooser("Each click adds", SPRAYS, (points) => (stage.edits.spray = Number(points)));
    this.typed = element("span", {}, this.x, this.y, element("button", { type: "submit" }, "Add"));
    this.clear = button("Clear all points", "Clear all", {}, () => stage.edits.clear());
    /** Stands on the picture while a hand changes its points. */
    this.editing = element(
      "form",
      { class: "em-editing", submit: (event) => this.addTyped(event) },
      this.spray.node,
      this.typed,
      this.clear,
    );
  }

  /**
   * Choosers that only a kind of stage has.
   * @param {{ node: HTMLElement }[]} choosers
   */
  add(choosers) {
    this.scale.node.before(...choosers.map(({ node }) => node));
  }

  /**
   * The choices that a run allows: one entry for each component, truth only where it is known.
   * @param {Run} run
   */
  offer({ choices, labels, components, dimensions }) {
    for (const { name, node } of this.toolButtons) node.hidden = !this.hasUse(name);
    this.tools.hidden = this.toolButtons.every(({ name, node }) => name === "look" || node.hidden);
    this.clear.hidden = !this.stage.offers({ type: "clear_points" });
    this.undo.hidden = this.stage.readOnly || !this.stage.host.undoable;
    if (!this.hasUse(this.stage.tool)) this.stage.setTool("look");
    if (dimensions > 2 && EDITING.includes(this.stage.tool)) this.stage.setTool("look");
    const known = choices.colours.filter(([name]) => name !== "component" && (name !== "truth" || labels));
    for (let k = 0; k < components; k++) known.push([`component ${k}`, `Component ${k + 1}`]);
    fill(this.colour.select, known);
    const onALine = dimensions === 1;
    fill(this.background.select, onALine ? choices.line_backgrounds : choices.backgrounds);
    rename(this.level, onALine ? "Widths" : "Ellipses");
    for (const node of [this.scale.node, this.trails, this.margins, this.y]) node.hidden = onALine;
    fill(this.sample.select, choices.samples);
    fill(this.scale.select, choices.scales);
    fill(
      this.level.select,
      choices.levels.map((level) => {
        const text = levelText(level, dimensions);
        return [level, level === 1 ? text : `1 σ and ${text}`];
      }),
    );
  }

  /**
   * Whether what a tool does is answered.
   * @param {string} tool
   */
  hasUse(tool) {
    return (NEEDS[tool] ?? []).every((type) => this.stage.offers({ type }));
  }

  /** @param {string} value "hard", or "component 2" */
  chooseColour(value) {
    const [colour, one] = value.split(" ");
    this.stage.setView({ colour, one: Number(one ?? 0) });
  }

  async copyLink() {
    const copied = await this.stage.host.copy?.(this.stage.reporter.address());
    this.copier.textContent = copied ? "Copied" : "See the address bar";
    setTimeout(() => (this.copier.textContent = "Link"), COPIED);
  }

  /** @param {Event} event */
  addTyped(event) {
    event.preventDefault();
    const { x, y } = this;
    if (x.value === "" || (y.value === "" && !y.hidden)) return;
    this.stage.edits.add([[Number(x.value), Number(y.value)]]);
    this.stage.edits.send();
  }

  show() {
    const { view, tool, scale, run, glyphed } = this.stage;
    this.colour.select.value = view.colour === "component" ? `component ${view.one}` : view.colour;
    this.background.select.value = view.behind;
    this.level.select.value = String(view.level);
    const hilly = this.stage.hilly;
    this.sample.select.value = hilly ? "off" : view.drawn;
    this.sample.select.disabled = hilly || !run.states;
    this.scale.select.value = scale;
    this.trails.setAttribute("aria-pressed", String(view.trails));
    this.margins.setAttribute("aria-pressed", String(view.margins));
    this.margins.disabled = this.stage.hilly;
    this.glyphs.setAttribute("aria-pressed", String(glyphed));
    this.pies.setAttribute("aria-pressed", String(view.glyphs === "pies"));
    const refusal = run.dimensions > 2 ? UNKNOWN : this.stage.hilly ? FROM_THE_SIDE : "";
    for (const { name, title, node } of this.toolButtons) {
      node.setAttribute("aria-pressed", String(name === tool));
      node.disabled = EDITING.includes(name) && Boolean(refusal);
      node.title = node.disabled ? refusal : title;
    }
    this.undo.disabled = !this.stage.host.undoable?.();
    this.editing.hidden = !EDITING.includes(tool);
    this.typed.hidden = tool !== "add";
    this.spray.node.hidden = tool !== "add";
    this.background.select.disabled = !run.states;
  }
}

/**
 * A field for a coordinate.
 * @param {string} axis
 */
const number = (axis) =>
  element("input", {
    type: "number",
    step: "any",
    "aria-label": `${axis} of the new point`,
    placeholder: axis,
  });
