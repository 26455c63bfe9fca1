// The picture: Plotly's axes and ellipses, and beneath them a canvas of points. Hands on it are controls/hands.js.

import { upwardsPerAcross } from "./axes.js";
import { drawBackground, paintBackground } from "./background.js";
import { CELL } from "./cells.js";
import { element } from "./dom.js";
import { firstView, framedLevel } from "./first-view.js";
import { answerNames, labelNames, legendEntries } from "./legend.js";
import { Margins, depthOf, marginShapes } from "./margins.js";
import { MOST_PIES } from "./pies.js";
import { PointsLayer } from "./points-layer.js";
import { figureOf, isMarks, literal, savePicture } from "./saving.js";
import { shareColours } from "./theme.js";
import { DATA_SEEN } from "./sampled.js";
import { Tip } from "./tip.js";
import { Viewport } from "./viewport.js";

/** A picture this small or smaller, in CSS pixels, has its lines and letters at their plain size. */
const PLAIN = 480;

/** One lower than this, in CSS pixels, has no room for the names of its axes. */
const SMALL = 220;

/** Magnified further, an outline has more dashes than a browser draws in a frame, and is drawn whole. */
const MOST_DASHED = 40;

/**
 * What a picture is drawn for: `moved` is called when its view has changed by a hand, `paint` when it must be drawn
 * anew, `remarked` when its marks are others than before.
 * @typedef {{ model: Model, view: View, glyphed: boolean, pies: boolean, background: string, sample: string, sampleNote: string[], tool: string, pendingPoints: { place: number[] }[], pendingBytes: Uint8Array,
 *   moved: () => void, paint: () => void, remarked: () => void }} Owner
 */

/** So many densities are named, about. */
const DENSITY_TICKS = 4;

/**
 * The next round number from `rough` on: 1, 2 or 5 and noughts.
 * @param {number} rough
 */
function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
}

export class Picture {
  /**
   * @param {PlotlyLibrary} Plotly
   * @param {Owner} owner
   */
  constructor(Plotly, owner) {
    this.Plotly = Plotly;
    this.owner = owner;
    /** @type {PlotElement} */
    this.plot = element("div", { class: "em-plot" });
    this.back = element("canvas", { class: "em-canvas", "aria-hidden": "true" });
    this.points = new PointsLayer();
    /** Points drawn from the model. */
    this.sampled = new PointsLayer();
    this.viewport = new Viewport(Plotly, this.plot, {
      home: () => this.home,
      changed: (byHand) => this.settle(byHand),
      moved: () => owner.moved(),
    });
    this.margins = new Margins();
    this.tip = new Tip();
    this.note = element("div", { class: "em-picture-note" });
    this.legend = element("div", { class: "em-legend" });
    const name = owner.model.picture;
    this.seen = element("p", { class: "em-unseen", id: `em-seen-${name.replaceAll(" ", "-")}` });
    this.node = element(
      "div",
      { class: "em-picture", role: "group", "aria-label": name, "aria-describedby": this.seen.id },
      ...[
        this.seen,
        this.back,
        this.points.canvas,
        this.margins.canvas,
        this.sampled.canvas,
        this.plot,
        ...this.tip.nodes,
        this.note,
        this.legend,
      ],
    );
    /** @type {any} */
    this.run = null;
    this.theme = /** @type {Theme} */ ({});
    this.scale = "equal";
    /** How much larger than plain lines, points and letters are, so that a projector's last row sees them. */
    this.size = 1;
    /** Pixels that the names of the labels take above the points. */
    this.named = 0;
    this.listening = false;
    this.moving = false;
    this.panning = false;
    this.forget();
  }

  /** Where the axes lie. */
  get frame() {
    return this.viewport.frame;
  }

  get marks() {
    return this.points.marks;
  }

  /**
   * Sets the stage for a run; a view that a hand chose is kept if the data are what they were.
   * @param {Run} run
   * @param {Theme} theme
   * @param {string} scale
   * @param {boolean} sameData
   */
  async begin(run, theme, scale, sameData) {
    Object.assign(this, { run, theme, scale });
    this.measure();
    this.nameLabels();
    // Under a hand that draws, nothing moves.
    this.viewport.begin(run.extent, sameData, this.owner.tool !== "look");
    await this.Plotly.react(this.plot, [{ x: [], y: [], type: "scatter" }], this.layout(), {
      displayModeBar: false,
      scrollZoom: false,
      doubleClick: false,
      responsive: false,
    });
    this.listen();
    this.hover(null, null);
    this.reframe();
  }

  /** To Plotly, once it has drawn here. */
  listen() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_relayouting", () => this.follow());
    this.plot.on("plotly_relayout", (/** @type {Record<string, unknown>} */ change) =>
      this.viewport.settle(change),
    );
    this.plot.on("plotly_doubleclick", () => this.viewport.fit());
  }

  /** Whether cells of points are drawn instead of points. */
  get aggregated() {
    return this.run.cells;
  }

  /** The extent of the data in each of their dimensions. @returns {number[]} */
  get spans() {
    const [x0, x1, y0, y1] = this.run.extent;
    return [x1 - x0, y1 - y0].slice(0, this.run.dimensions);
  }

  /** The view until a hand chooses another. */
  get home() {
    const { l, r, t, b } = this.margin;
    const [width, height] = [this.node.clientWidth - l - r, this.node.clientHeight - t - b];
    return firstView(this.run, framedLevel(this.owner.view.level), {
      width,
      height,
      equal: this.scale === "equal",
    });
  }

  /** Pixels about the plot; the names of the axes would be the greater part of a small picture. */
  get margin() {
    const { size, named, small, beside } = this;
    if (small) return { l: 30, r: 6, t: 6 + named, b: 22 };
    return { l: 52 * size, r: 8 + beside, t: 8 + named + beside, b: 42 * size };
  }

  /** Pixels above and to the right of the plot for what the mixture is along its axes; 0 for none. */
  get beside() {
    if (!this.owner.view.margins || this.small || this.run?.dimensions !== 2) return 0;
    return depthOf(Math.min(this.node.clientWidth, this.node.clientHeight));
  }

  /** How many times as long a unit is drawn upwards as across. */
  get ratio() {
    return this.scale === "equal" ? 1 : upwardsPerAcross(this.frame);
  }

  get small() {
    return this.node.clientHeight < SMALL;
  }

  layout() {
    const { run, theme, scale, small, size } = this;
    const [x0, x1, y0, y1] = this.viewport.wanted ?? run.extent;
    const axis = {
      gridcolor: theme.grid,
      zeroline: false,
      linecolor: theme.grid,
      ticks: "",
      automargin: false,
      nticks: 8,
    };
    /** @param {string} name */
    const title = (name) => (small ? undefined : { text: literal(name), standoff: 6 });
    const anchor = scale === "equal" ? "x" : undefined;
    return {
      margin: this.margin,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, color: theme.text, size: 12 * size },
      showlegend: false,
      dragmode: "pan",
      hovermode: false,
      xaxis: { ...axis, range: [x0, x1], title: title(run.columns[0]) },
      yaxis: { ...axis, range: [y0, y1], title: title(run.columns[1]), scaleanchor: anchor, ...this.upwards },
      shapes: this.plot.layout?.shapes ?? [],
    };
  }

  /** What is special of the axis upwards: densities begin at 0, and a hand moves along the line alone. */
  get upwards() {
    const { run } = this;
    if (run.dimensions > 1) return { fixedrange: false, tickmode: "auto", zeroline: false };
    const step = roundStep(run.extent[3] / DENSITY_TICKS);
    const tickvals = Array.from({ length: Math.floor(run.extent[3] / step) + 1 }, (_, i) => i * step);
    const ticktext = tickvals.map((value) => String(Number(value.toPrecision(3))));
    const ground = { zeroline: true, zerolinecolor: this.theme.text };
    return { fixedrange: true, tickmode: "array", tickvals, ticktext, ...ground };
  }

  measure() {
    const least = this.owner.view.present ? 1.5 : 1;
    const side = Math.min(this.node.clientWidth, this.node.clientHeight);
    this.size = Math.max(least, Math.min(2, side / PLAIN));
  }

  /**
   * After a change of view.
   * @param {boolean} byHand
   */
  settle(byHand) {
    this.reframe();
    if (byHand) this.owner.moved();
    else this.owner.paint();
  }

  /** Follows Plotly's axes under a zoom or a pan; Plotly moves the ellipses along by itself. */
  follow() {
    this.moving = true;
    this.reframe();
    this.owner.moved();
    this.moving = false;
  }

  /**
   * While a hand pans, Plotly must not be asked for another layout: it would call itself without end.
   * @param {boolean} panning
   */
  hold(panning) {
    this.panning = panning;
    if (!panning) this.owner.paint();
  }

  /** Puts the canvases and the points where the axes are now. */
  reframe() {
    // The page may have been left while Plotly was at work.
    if (!this.plot._fullLayout) return;
    this.viewport.read();
    const { frame } = this;
    const place = `left:${frame.left}px;top:${frame.top}px;width:${frame.width}px;height:${frame.height}px`;
    this.back.style.cssText = place;
    this.points.canvas.style.cssText = place;
    this.sampled.canvas.style.cssText = place;
    this.points.place(this.run, frame, this.size);
    // Cells are other marks than before, with other shares.
    if (this.aggregated) this.owner.remarked();
    this.forget();
  }

  /** Notes on the picture that keep it honest. */
  say() {
    const notes = [...this.owner.sampleNote];
    const { cells } = this.marks;
    if (cells) {
      notes.push(
        `${this.run.n.toLocaleString("en")} points drawn as ${cells.length.toLocaleString("en")} cells of ${CELL} pixels, fainter where fewer; EM uses every point.${this.run.answer ? ` In a cell the colours of ${this.run.answer[2]} and ${this.run.answer[1]} are mixed.` : ""}`,
      );
    }
    if (this.run.whole)
      notes.push(
        `2 of ${this.run.dimensions} columns: ellipses are projections; colours use all columns${cells ? ", a cell those of up to 8 of its points" : ""}.`,
      );
    if (this.owner.view.glyphs === "pies" && this.run.n > MOST_PIES)
      notes.push(`More than ${MOST_PIES.toLocaleString("en")} points: discs instead of pies.`);
    if (this.scale === "free" && this.run.dimensions > 1)
      notes.push("Axes scaled separately: a circle may look like an ellipse.");
    this.note.textContent = notes.join(" ");
  }

  /** Names of what the points wear beside numbers; they have a place above the points. */
  nameLabels() {
    const { run, theme, owner } = this;
    if (!run) return;
    const entries = legendEntries(run, theme, owner.view, this.answersTold);
    this.legend.replaceChildren(...entries);
    this.named = entries.length ? this.legend.offsetHeight + 4 : 0;
    this.node.style.setProperty("--em-named", `${this.named}px`);
    this.node.style.setProperty("--em-beside", `${this.beside}px`);
  }

  /** Whether filled and hollow points can be told apart; in a cell without a sign both are mixed. */
  get answersTold() {
    return !this.aggregated || this.owner.glyphed;
  }

  /** What was drawn is no longer what should be. */
  forget() {
    /** @type {any} */
    this.drawn = {};
    this.nameLabels();
    if (this.run) this.say();
  }

  /**
   * Draws components and marks; what is as it was is left alone.
   * @param {object} what
   * @param {any} what.components
   * @param {Uint8Array} what.bytes the marks' colours (n x 3)
   * @param {Int32Array | null} what.kinds the marks' glyphs
   * @param {Float64Array | null} what.lost the marks' shares of the noise
   * @param {import("./pies.js").Pies | null} what.pies what the marks are pies of; null for none
   * @param {number[] | null} what.ringed marks that stand out
   * @param {import("./sampled.js").SampleDrawn | null} what.sample points drawn from the model
   * @param {any} what.before components just left
   * @param {number} what.t the iteration
   */
  draw({ components, bytes, kinds, lost, pies, ringed, sample, before, t }) {
    const { drawn, owner, frame, theme, run, size } = this;
    const { pendingPoints: pending, view } = owner;
    const marks = { bytes, kinds, lost, pies, ringed, pending };
    if (Object.entries(marks).some(([name, value]) => drawn[name] !== value))
      this.points.draw({ ...marks, pendingBytes: pending.length ? owner.pendingBytes : null, theme });
    if (drawn.sample !== sample) this.drawSample(sample);
    const background = components ? owner.background : "nothing";
    const stale = background !== "nothing" && drawn.components !== components;
    if (drawn.background !== background || stale) {
      paintBackground(this.back, background, frame, window.devicePixelRatio || 1, components, theme, run);
    }
    if (drawn.components !== components) {
      this.margins.draw(run, owner.model.hasDensity ? components : null, frame, this.beside, theme);
    }
    const options = {
      level: view.level,
      trails: view.trails,
      truth: view.colour === "truth",
      dashed: this.viewport.magnificationOf(frame.x0, frame.x1) < MOST_DASHED,
    };
    if (!this.moving && !this.panning) {
      const shapes = owner.model.shapes({ run, components, t, before, options, theme, size, frame });
      this.Plotly.relayout(this.plot, { shapes });
    }
    this.drawn = { ...marks, sample, background, components };
  }

  /** @param {import("./sampled.js").SampleDrawn | null} sample */
  drawSample(sample) {
    const { sampled, theme, frame, size } = this;
    this.points.canvas.style.opacity = String(DATA_SEEN[this.owner.sample]);
    sampled.canvas.hidden = !sample;
    if (!sample) return;
    sampled.place({ ...sample.marks, cells: false, label_names: [] }, frame, size * sample.size);
    sampled.draw({ ...sample, ringed: null, pending: [], pendingBytes: null, theme });
  }

  /**
   * Takes a point off the picture, where Python is about to.
   * @param {number} point
   */
  hide(point) {
    this.run.x[point] = NaN;
    this.points.hide(point);
    this.forget();
  }

  /** @param {number | null} point that was asked about */
  ring(point) {
    this.tip.ring(this.run, this.frame, point);
  }

  /**
   * @param {number | null} point under the pointer
   * @param {ArrayLike<number> | null} shares of it
   */
  hover(point, shares) {
    this.tip.show(this.run, this.frame, point, shares, shareColours(this.theme, this.run));
  }

  async resize() {
    if (!this.plot._fullLayout) return;
    this.measure();
    await this.Plotly.react(this.plot, this.plot.data, { ...this.layout(), autosize: true });
    await this.Plotly.Plots.resize(this.plot);
    this.reframe();
  }

  /**
   * Hands the person a file of what is seen.
   * @param {string} format "png" or "svg"
   * @param {string} caption
   * @param {string} name
   */
  save(format, caption, name) {
    const { plot, frame, run, theme, drawn, points } = this;
    const { kinds, pies, components, sample } = drawn;
    const seen = DATA_SEEN[this.owner.sample];
    /** @type {[string, number][]} */
    const numbers = kinds ? Array.from({ length: run.components }, (_, k) => [String(k + 1), k]) : [];
    const asMarks = isMarks(run.n, this.aggregated) && !pies;
    // Marks upon marks: only points too many for that make a picture within the picture.
    const asVectors = (asMarks || pies) && format === "svg";
    const behind = asVectors
      ? drawBackground(drawn.background, frame, components, theme, run) +
        `<g opacity="${seen}">${points.drawnPies(pies, theme)}</g>` +
        this.sampled.drawnPies(sample && sample.pies, theme)
      : "";
    const painted = [
      ...(asVectors || drawn.background === "nothing" ? [] : [this.back]),
      ...(asMarks || asVectors ? [] : [points.canvas]),
      ...(sample?.pies && !asVectors ? [this.sampled.canvas] : []),
    ];
    const layers = [
      ...(asMarks && seen ? [{ marks: run, ...drawn, seen, radius: points.radius({ kinds }) }] : []),
      ...(sample && !sample.pies ? [{ ...sample, seen: 1, radius: this.sampled.radius(sample) }] : []),
    ];
    const figure = figureOf({
      ...{ plot, frame, run, theme, components, layers, painted },
      legend: [
        ...(this.owner.view.colour === "truth" ? labelNames(run, this.owner.view) : numbers).map(
          ([name, place]) => ({
            name,
            colour: theme.palette[place],
            symbol: kinds ? theme.glyphs[place].name : "circle",
          }),
        ),
        ...(this.answersTold ? answerNames(run, theme) : []),
      ],
      caption: [caption, this.note.textContent].filter(Boolean).join(" · "),
      shapes: plot.layout.shapes,
      beside: this.beside && {
        depth: this.beside,
        shapes: marginShapes(run, this.owner.model.hasDensity ? components : null, frame, this.beside, theme),
      },
    });
    return savePicture(this.Plotly, figure, frame, format, name, behind);
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
