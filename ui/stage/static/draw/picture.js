// The picture: Plotly's axes and ellipses, beneath them a canvas of points, above them handles on the means.

import { Raster } from "./raster.js";
import { Handles, Hand } from "../controls/pointer.js";
import { watchGestures } from "../controls/gestures.js";
import { allToPixels, readFrame, toData, toPixels, upwardsPerAcross } from "./axes.js";
import { CELL, fullest, gather, opacities } from "./cells.js";
import { figureOf, isMarks, literal, savePicture } from "./saving.js";
import { inUnits, percent } from "../words/format.js";
import { homeOf } from "./first-view.js";
import { drawBackground, paintBackground } from "./background.js";
import { plain } from "./colour.js";
import { glyphSign } from "./glyphs.js";
import { element } from "./dom.js";

/** A picture this small or smaller, in CSS pixels, has its lines and letters at their plain size. */
const PLAIN = 480;

/** One lower than this, in CSS pixels, has no room for the names of its axes. */
const SMALL = 220;

/** Magnified further, an outline has more dashes than a browser draws in a frame, and is drawn whole. */
const MOST_DASHED = 40;

/** Outlines a thousand times as wide as the picture take the browser seconds to draw. */
const MOST_MAGNIFIED = 500;
const LEAST_MAGNIFIED = 0.01;

const radiusFor = (n) => (n <= 200 ? 5 : n <= 1000 ? 4 : n <= 6000 ? 2.6 : n <= 20000 ? 1.8 : 1.3);

/** Glyphs are told apart by their outlines, so they are larger than plain points, and more so where few lie. */
const glyphRadiusFor = (n) => Math.max(radiusFor(n), n <= 6000 ? 3.4 : 2.4);

/** Of cells, one in so many across and down carries a glyph. */
const GLYPH_CELLS = 12;

export class Picture {
  constructor(Plotly, stage) {
    Object.assign(this, { Plotly, stage, drawn: {} });
    this.plot = element("div", { class: "em-plot" });
    this.back = element("canvas", { class: "em-canvas", "aria-hidden": "true" });
    this.front = element("canvas", { class: "em-canvas em-points", "aria-hidden": "true" });
    this.raster = new Raster(this.front);
    this.handles = new Handles(this.plot, stage);
    this.asked = element("div", { class: "em-ring", hidden: true });
    this.hovered = element("div", { class: "em-ring em-hovered", hidden: true });
    this.label = element("div", { class: "em-tip", hidden: true });
    this.note = element("div", { class: "em-picture-note" });
    this.legend = element("div", { class: "em-legend" });
    this.hint = element("div", { class: "em-hint", hidden: true });
    this.seen = element("p", {
      class: "em-unseen",
      id: `em-seen-${stage.model.picture.replaceAll(" ", "-")}`,
    });
    this.node = element(
      "div",
      {
        class: "em-picture",
        role: "group",
        "aria-label": stage.model.picture,
        "aria-describedby": this.seen.id,
      },
      this.seen,
      this.back,
      this.front,
      this.plot,
      this.handles.node,
      this.asked,
      this.hovered,
      this.label,
      this.note,
      this.legend,
      this.hint,
    );
  }

  /** Sets the stage for a run; a view that a hand chose is kept if the frame of the data is the one it was. */
  async begin(run, theme, scale, sameFrame) {
    Object.assign(this, { run, theme, scale });
    this.measure();
    this.nameLabels();
    if (!sameFrame || !this.wanted) this.touched = false;
    // Under a hand that draws, nothing moves.
    const drawing = this.stage.tool !== "look" && this.wanted && sameFrame;
    if (!this.touched && !drawing) this.wanted = this.home;
    await this.Plotly.react(this.plot, [{ x: [], y: [], type: "scatter" }], this.layout(), {
      displayModeBar: false,
      scrollZoom: false,
      doubleClick: false,
      responsive: false,
    });
    if (!this.hand) {
      this.hand = new Hand(this.plot, this.stage);
      watchGestures(this.node, {
        zoom: (...motion) => this.zoomAbout(...motion),
        grasp: () => [this.hand, this.handles].forEach((held) => held.letGo()),
        refuse: (words) => this.advise(words),
      });
      this.plot.on("plotly_relayouting", () => this.follow());
      this.plot.on("plotly_relayout", (change) => this.settle(change));
      this.plot.on("plotly_doubleclick", () => this.fit());
    }
    this.spans = [run.frame[1] - run.frame[0], run.frame[3] - run.frame[2]];
    this.handles.build(theme.palette.slice(0, run.states ? run.components : 0), theme.glyphs);
    this.tip(null);
    this.reframe();
  }

  /** Whether cells of points are drawn instead of points. */
  get aggregated() {
    return this.run.cells;
  }

  /** The view until a hand chooses another. */
  get home() {
    const { l, r, t, b } = this.margin;
    const room = {
      width: this.node.clientWidth - l - r,
      height: this.node.clientHeight - t - b,
      equal: this.scale === "equal",
    };
    return homeOf(this.run, this.stage.view.level, room);
  }

  /** Pixels about the plot; the names of the axes would be the greater part of a small picture. */
  get margin() {
    const { size, named, small } = this;
    return small ? { l: 30, r: 6, t: 6 + named, b: 22 } : { l: 52 * size, r: 8, t: 8 + named, b: 42 * size };
  }

  /** How many times as long a unit is drawn upwards as across. */
  get ratio() {
    return this.scale === "equal" ? 1 : upwardsPerAcross(this.frame);
  }

  get small() {
    return this.node.clientHeight < SMALL;
  }

  layout() {
    const { run, theme, scale, small } = this;
    const [x0, x1, y0, y1] = this.wanted;
    const axis = {
      gridcolor: theme.grid,
      zeroline: false,
      linecolor: theme.grid,
      ticks: "",
      automargin: false,
      nticks: 8,
    };
    const { size } = this;
    const title = (name) => (small ? undefined : { text: literal(name), standoff: 6 });
    return {
      margin: this.margin,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, color: theme.text, size: 12 * size },
      showlegend: false,
      dragmode: "pan",
      hovermode: false,
      xaxis: { ...axis, range: [x0, x1], title: title(run.columns[0]) },
      yaxis: {
        ...axis,
        range: [y0, y1],
        title: title(run.columns[1]),
        scaleanchor: scale === "equal" ? "x" : undefined,
      },
      shapes: this.plot.layout?.shapes ?? [],
    };
  }

  /** How much larger than plain lines, points and letters are, so that a projector's last row sees them. */
  measure() {
    const least = this.stage.view.present ? 1.5 : 1;
    this.size = Math.max(least, Math.min(2, Math.min(this.node.clientWidth, this.node.clientHeight) / PLAIN));
  }

  /** The view people chose is the one to keep: equal scale widens it, and must not widen it again and again. */
  settle(change) {
    // Moving the ellipses is a relayout too, and no change of view.
    if (!Object.keys(change).some((name) => name.includes("axis"))) return;
    const { x0, x1, y0, y1 } = readFrame(this.plot);
    const magnification = this.magnificationOf(x0, x1);
    if (magnification > MOST_MAGNIFIED || magnification < LEAST_MAGNIFIED) return this.view(this.wanted);
    const byHand = !this.viewing;
    if (byHand) Object.assign(this, { wanted: [x0, x1, y0, y1], touched: true });
    this.reframe();
    if (byHand) this.stage.moved();
    else this.stage.paint();
  }

  /** How many times the data's frame is wider than the view. */
  magnificationOf(x0, x1) {
    return (this.run.frame[1] - this.run.frame[0]) / (x1 - x0);
  }

  /** Follows Plotly's axes under a zoom or a pan; Plotly moves the ellipses along by itself. */
  follow() {
    this.moving = true;
    this.reframe();
    this.stage.moved();
    this.moving = false;
  }

  /** While a hand pans, Plotly must not be asked for another layout: it would call itself without end. */
  hold(panning) {
    this.panning = panning;
    if (!panning) this.stage.paint();
  }

  reframe() {
    // The page may have been left while Plotly was at work.
    if (!this.plot._fullLayout) return;
    this.frame = readFrame(this.plot);
    const { frame } = this;
    const place = `left:${frame.left}px;top:${frame.top}px;width:${frame.width}px;height:${frame.height}px`;
    this.radius = radiusFor(this.run.n) * this.size;
    this.glyphRadius = glyphRadiusFor(this.run.n) * this.size;
    this.back.style.cssText = place;
    this.front.style.cssText = place;
    this.marks = this.aggregated
      ? gather(this.run.x, this.run.y, frame, this.run.labels, this.run.label_names.length)
      : { x: this.run.x, y: this.run.y, labels: this.run.labels };
    this.pixels = this.aggregated ? null : allToPixels(frame, this.run.x, this.run.y);
    if (this.aggregated) {
      // Cells are other marks than before, with other shares.
      this.stage.colouring.clear();
      this.opacities = opacities(this.marks.sizes);
    }
    this.forget();
    this.say();
  }

  /** Notes on the picture that keep it honest. */
  say() {
    const notes = [];
    if (this.aggregated) {
      notes.push(
        `${this.run.n.toLocaleString("en")} points drawn as ${this.marks.cells.length.toLocaleString("en")} cells of ${CELL} pixels, fainter where fewer; EM uses every point.`,
      );
    }
    if (this.scale === "free") notes.push("Axes scaled separately: a circle may look like an ellipse.");
    this.note.textContent = notes.join(" ");
  }

  /** Names of the true labels, when the points wear their colours; they have a place above the points. */
  nameLabels() {
    const { run, theme } = this;
    const shown = this.stage.view.colour === "truth";
    const names = shown
      ? run.label_names.map((name, i) => [
          name,
          theme.palette[run.label_colours[i]],
          theme.glyphs[run.label_colours[i]],
        ])
      : [];
    if (shown && run.labels.some((label) => label < 0)) names.push(["none", theme.grey, theme.glyphs[0]]);
    this.legend.replaceChildren(
      ...names.map(([name, colour, glyph]) =>
        element("span", { style: `--em-colour:${colour}` }, glyphSign(glyph), name),
      ),
    );
    this.named = names.length ? this.legend.offsetHeight + 4 : 0;
    this.node.style.setProperty("--em-named", `${this.named}px`);
  }

  /** How many points the marks with these indices stand for. */
  countOf(indices) {
    return this.marks.sizes ? indices.reduce((sum, i) => sum + this.marks.sizes[i], 0) : indices.length;
  }

  /** What was drawn is no longer what should be. */
  forget() {
    this.drawn = {};
    this.nameLabels();
  }

  draw({ components, bytes, kinds, ringed, before, t }) {
    const ratio = window.devicePixelRatio || 1;
    const { drawn, stage, frame, theme, run } = this;
    const { fresh, model } = stage;
    if (drawn.bytes !== bytes || drawn.kinds !== kinds || drawn.ringed !== ringed || drawn.fresh !== fresh)
      this.drawPoints(bytes, kinds, ringed, ratio);
    const behind = components ? stage.behind : "nothing";
    if (drawn.behind !== behind || (behind !== "nothing" && drawn.components !== components))
      paintBackground(this.back, behind, frame, ratio, components, theme);
    if (components) this.handles.place(frame, components.means);
    const options = {
      level: stage.view.level,
      trails: stage.view.trails,
      truth: stage.view.colour === "truth",
      dashed: this.magnificationOf(frame.x0, frame.x1) < MOST_DASHED,
    };
    if (!this.moving && !this.panning)
      this.Plotly.relayout(this.plot, {
        shapes: model.shapes({ run, components, t, before, options, theme, size: this.size, frame }),
      });
    this.drawn = { bytes, kinds, ringed, fresh, behind, components };
  }

  drawPoints(bytes, kinds, ringed, ratio) {
    const { raster, frame, marks, theme, stage } = this;
    const radius = kinds ? this.glyphRadius : this.radius;
    raster.begin(frame.width, frame.height, ratio);
    if (this.aggregated) {
      raster.cells(marks.cells, marks.columns, CELL, bytes, this.opacities);
      if (kinds) this.drawGlyphsOfCells(bytes, kinds);
    } else if (kinds) raster.glyphs(...this.pixels, bytes, kinds, theme.glyphs, { radius, opacity: 0.9 });
    else raster.discs(...this.pixels, bytes, { radius, opacity: 0.85 });
    if (ringed?.length && !this.aggregated) {
      raster.discs(...this.pixels, plain(marks.x.length, theme.text), {
        radius: radius + 1.5,
        opacity: 0.9,
        ringWidth: 1.2,
        only: ringed,
      });
    }
    if (stage.fresh.length) {
      const [px, py] = allToPixels(
        frame,
        stage.fresh.map(({ place }) => place[0]),
        stage.fresh.map(({ place }) => place[1]),
      );
      raster.discs(px, py, plain(px.length, theme.text), { radius, opacity: 0.7 });
    }
    raster.show();
  }

  /** Where cells are too small for a sign, the fullest one of every few carries it, on a ground of its own. */
  drawGlyphsOfCells(bytes, kinds) {
    const { raster, frame, marks, theme, size } = this;
    const only = fullest(marks, GLYPH_CELLS);
    const pixels = allToPixels(frame, marks.x, marks.y);
    raster.discs(...pixels, plain(marks.x.length, theme.background), {
      radius: 7 * size,
      opacity: 0.85,
      only,
    });
    raster.glyphs(...pixels, bytes, kinds, theme.glyphs, { radius: 3.8 * size, opacity: 1, only });
  }

  /** Takes a point off the picture, where Python is about to. */
  hide(point) {
    this.run.x[point] = NaN;
    if (this.pixels) this.pixels[0][point] = NaN;
    this.forget();
  }

  ring(point) {
    this.placeRing(this.asked, point);
  }

  placeRing(node, point) {
    node.hidden = point === null;
    if (point === null) return null;
    const [px, py] = toPixels(this.frame, this.run.x[point], this.run.y[point]);
    const inside = px >= 0 && py >= 0 && px <= this.frame.width && py <= this.frame.height;
    node.hidden = !inside;
    const [left, top] = [px + this.frame.left, py + this.frame.top];
    node.style.transform = `translate(${left}px,${top}px) translate(-50%,-50%)`;
    return [left, top];
  }

  /** A short answer beside the pointer: which point, and its strongest shares. */
  tip(point, shares) {
    const place = this.placeRing(this.hovered, point);
    this.label.hidden = point === null;
    if (!place) return;
    const { x, y } = this.run;
    const text = `${point + 1}: (${inUnits(x[point], this.spans[0])}, ${inUnits(y[point], this.spans[1])})`;
    const ranked = Array.from(shares ?? [], (share, k) => [share, k])
      .sort((a, b) => b[0] - a[0])
      .slice(0, 3);
    this.label.replaceChildren(
      element("div", {}, text),
      ...(shares || !this.run.states ? [] : [element("div", {}, "belongs to none yet")]),
      ...ranked.map(([share, k]) =>
        element(
          "div",
          { class: "em-share", style: `--em-share:${100 * share}%;--em-colour:${this.theme.palette[k]}` },
          `${k + 1}  ${percent(share)}`,
        ),
      ),
    );
    const flip = place[0] > this.frame.left + this.frame.width - 150;
    this.label.style.transform = `translate(${place[0] + (flip ? -14 : 14)}px,${place[1] + 10}px) translateX(${flip ? "-100%" : "0"})`;
  }

  setTool(tool) {
    this.hand.tool = tool;
    this.node.dataset.tool = tool;
  }

  zoom(factor) {
    const { x0, x1, y0, y1 } = this.frame;
    const around = (low, high) => [
      (low + high) / 2 - (factor * (high - low)) / 2,
      (low + high) / 2 + (factor * (high - low)) / 2,
    ];
    this.touched = true;
    return this.view([...around(x0, x1), ...around(y0, y1)]);
  }

  /** Makes the view `factor` times as wide, so that the data at the place `from` lies under `to`. */
  async zoomAbout(factor, from, to) {
    const { plot, frame } = this;
    if (!frame) return;
    const box = plot.getBoundingClientRect();
    const [x0, x1, y0, y1] = this.following ?? [frame.x0, frame.x1, frame.y0, frame.y1];
    const now = { ...frame, x0, x1, y0, y1 };
    const place = ({ x, y }) => [x - box.left - frame.left, y - box.top - frame.top];
    const [x, y] = toData(now, ...place(from));
    const [px, py] = place(to);
    const width = factor * (x1 - x0);
    const height = factor * (y1 - y0);
    const left = x - (px / frame.width) * width;
    const top = y + (py / frame.height) * height;
    await this.followView([left, left + width, top - height, top]);
    this.stage.moved();
  }

  /** Says once what a hand should do to zoom. */
  advise(words) {
    this.advised ??= new Set();
    if (this.advised.has(words)) return;
    this.advised.add(words);
    this.hint.textContent = words;
    this.hint.hidden = false;
    setTimeout(() => (this.hint.hidden = true), 4000);
  }

  fit() {
    this.touched = false;
    return this.view(this.home);
  }

  /** Goes to a view, as far as pictures can be magnified. */
  async view(wanted) {
    const [x0, x1, y0, y1] = wanted;
    const magnification = this.magnificationOf(x0, x1);
    if (magnification > MOST_MAGNIFIED || magnification < LEAST_MAGNIFIED) return;
    this.wanted = wanted;
    this.viewing = true;
    await this.Plotly.relayout(this.plot, { "xaxis.range": [x0, x1], "yaxis.range": [y0, y1] });
    this.viewing = false;
  }

  /** Shows the same as another picture, as it moves: of several views asked for while one is drawn, the last. */
  async followView(wanted) {
    this.touched = true;
    const busy = this.following !== undefined;
    this.following = wanted;
    if (busy) return;
    let shown;
    while (shown !== this.following) {
      shown = this.following;
      await this.view(shown);
    }
    this.following = undefined;
  }

  async resize() {
    if (!this.plot._fullLayout) return;
    this.measure();
    await this.Plotly.react(this.plot, this.plot.data, { ...this.layout(), autosize: true });
    await this.Plotly.Plots.resize(this.plot);
    this.reframe();
  }

  save(format, caption, name) {
    const { plot, frame, run, front, theme, aggregated, drawn, stage } = this;
    const { kinds } = drawn;
    const components = kinds ? Array.from({ length: run.components }, (_, k) => [String(k + 1), k]) : [];
    const legend =
      stage.view.colour === "truth"
        ? run.label_names.map((label, i) => [label, run.label_colours[i]])
        : components;
    const asMarks = isMarks(run.n, aggregated);
    // Marks upon marks: only points too many for that make a picture within the picture.
    const asVectors = asMarks && format === "svg";
    const behind = asVectors ? drawBackground(drawn.behind, frame, drawn.components, theme) : "";
    const painted = [
      ...(asVectors || drawn.behind === "nothing" ? [] : [this.back]),
      ...(asMarks ? [] : [front]),
    ];
    const figure = figureOf({
      legend,
      kinds,
      plot,
      frame,
      run,
      theme,
      asMarks,
      painted,
      radius: kinds ? this.glyphRadius : this.radius,
      caption: [caption, this.note.textContent].filter(Boolean).join(" · "),
      components: drawn.components,
      bytes: drawn.bytes,
      shapes: plot.layout.shapes,
    });
    return savePicture(this.Plotly, figure, frame, format, name, behind);
  }

  destroy() {
    this.Plotly.purge(this.plot);
  }
}
