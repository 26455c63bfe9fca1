// A chart whose marks are fits: under the pointer, a finger or the arrow keys each shows what it looks like, and is
// picked with a press.

import { readFitChart } from "../protocol/fit-chart.js";
import { themedFigure } from "../draw/chart-figure.js";
import { element } from "../draw/dom.js";
import { boxOf, marksOf, nearest } from "../draw/marks.js";
import { saveFigure } from "../draw/saving.js";
import { smallFit } from "../draw/small-fit.js";
import { onPaper, readTheme } from "../draw/theme.js";
import { FitCard } from "../controls/fit-card.js";
import { FitWalk } from "../controls/fit-walk.js";

/** CSS pixels: farther from a mark a pointer means another thing, and a press that went so far is none of it. */
const FAR = 40;
const DRAGGED = 10;

/** How near to a mark a click means it, and how near a finger can come. */
const POINTER = 14;
const FINGER = 22;

/** The least width of what is saved. */
const LEAST_SAVED = 640;

const CLEAR = "rgba(0,0,0,0)";

/** How a fit came to be shown. @typedef {"mouse" | "finger" | "keys"} Means */

export class FitChart {
  /**
   * @param {HTMLElement} root
   * @param {PlotlyLibrary} Plotly
   * @param {(id: string) => void} pick
   */
  constructor(root, Plotly, pick) {
    this.Plotly = Plotly;
    this.root = root;
    this.pick = pick;
    /** @type {FitChartContent | null} */
    this.chart = null;
    /** By id. @type {Map<string, SmallFit>} */
    this.fits = new Map();
    /** Small pictures as SVG text, by id. @type {Map<string, string>} */
    this.pictures = new Map();
    /** @type {{ mark: FitMark, by: Means } | null} */
    this.shown = null;
    this.finger = false;
    /** CSS pixels of what is drawn; 0 where it is to be drawn anew. */
    this.width = 0;
    /** @type {Theme | null} */
    this.theme = null;
    this.card = new FitCard(() => this.open());
    this.walk = new FitWalk(this);
    /** @type {PlotElement} */
    this.plot = element("div", { class: "em-chart-plot" });
    this.ring = element("div", { class: "em-chart-ring", hidden: true });
    this.area = element("div", { class: "em-chart-area" }, this.plot, this.ring);
    this.spoken = element("p", { class: "em-unseen", "aria-live": "polite" });
    this.savers = ["png", "svg"].map((format) =>
      element(
        "button",
        { type: "button", click: () => this.save(format) },
        `Save as ${format.toUpperCase()}`,
      ),
    );
    this.fill();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.area);
  }

  fill() {
    this.root.className = "em-chart";
    this.root.replaceChildren(
      this.area,
      element("div", { class: "em-chart-saving" }, ...this.savers),
      this.spoken,
      this.card.node,
    );
    const { area, walk } = this;
    area.addEventListener("keydown", (event) => walk.press(event));
    area.addEventListener("blur", () => this.shown?.by === "keys" && this.hide());
    area.addEventListener("pointerdown", (event) => this.pressed(event), true);
    area.addEventListener("pointermove", (event) => this.moved(event));
    area.addEventListener("pointerleave", (event) => this.left(event));
  }

  /**
   * Takes up a message of Python's.
   * @param {string} text
   */
  async receive(text) {
    this.chart = readFitChart(text);
    this.fits = new Map(this.chart.fits.map((fit) => [fit.id, fit]));
    this.name();
    this.width = 0;
    await this.draw();
  }

  /**
   * A press is a click where it is let go near to where it began, and has not become a scrolling of the page. Plotly
   * would at times name the mark that was under the pointer before.
   * @param {PointerEvent} event
   */
  pressed({ pointerType, button, clientX, clientY }) {
    this.finger = pointerType === "touch";
    if (button !== 0) return;
    const over = new AbortController();
    const { signal } = over;
    /** @param {PointerEvent} up */
    const lifted = (up) => {
      over.abort();
      if (Math.hypot(up.clientX - clientX, up.clientY - clientY) < DRAGGED) this.clicked(clientX, clientY);
    };
    document.addEventListener("pointerup", lifted, { capture: true, signal });
    document.addEventListener("pointercancel", () => over.abort(), { capture: true, signal });
  }

  /**
   * A finger looks first, and goes on with the card's button.
   * @param {number} x in the window
   * @param {number} y
   */
  clicked(x, y) {
    const { left, top } = this.plot.getBoundingClientRect();
    const mark = nearest(this.marks, x - left, y - top, this.finger ? FINGER : POINTER);
    if (!mark) return;
    this.show(mark, this.finger ? "finger" : "mouse");
    if (!this.finger) this.pick(mark.id);
  }

  /** Says what it is, and what keys do where there is something to go to. */
  name() {
    const { area, fits } = this;
    const label = this.chart?.label ?? "";
    const keys = "left and right arrow keys go from fit to fit, Enter opens one";
    area.setAttribute("role", fits.size ? "application" : "img");
    area.setAttribute("aria-label", fits.size ? `${label}: ${keys}` : label);
    if (fits.size) area.tabIndex = 0;
    else area.removeAttribute("tabindex");
    // There may be several charts on a page.
    for (const node of this.savers) node.setAttribute("aria-label", `${node.textContent}: ${label}`);
  }

  /** Draws what is new: another figure, another width or another theme. */
  async draw() {
    const { chart, Plotly, plot } = this;
    const width = Math.round(this.area.clientWidth);
    if (!chart || !width || width === this.width) return;
    this.width = width;
    this.pictures.clear();
    this.theme = { ...readTheme(this.root, chart.palette), glyphs: chart.glyphs };
    const { data, layout, config } = themedFigure(chart.figure, this.theme, width, CLEAR);
    const first = !plot.on;
    await Plotly.react(plot, data, layout, config);
    if (first) this.listen();
    this.follow();
  }

  listen() {
    const { plot } = this;
    plot.on("plotly_hover", (/** @type {{ points: any[] }} */ { points }) => {
      if (this.finger) return;
      const point = points.find(({ customdata }) => this.fits.has(customdata));
      if (!point) return this.hide();
      const { customdata: id, curveNumber: curve, pointNumber: at } = point;
      this.show({ id, curve, at, ...boxOf(plot, curve, at) }, "mouse");
    });
    plot.on("plotly_unhover", () => this.shown?.by === "mouse" && this.hide());
  }

  /** Every mark that stands for a fit. */
  get marks() {
    return marksOf(this.plot, this.fits);
  }

  /**
   * @param {FitMark | null} mark null for none
   * @param {Means} by
   */
  show(mark, by) {
    if (!mark) return this.hide();
    if (!this.shown) {
      document.addEventListener("scroll", this.follow, { capture: true, passive: true });
      document.addEventListener("keydown", this.escape, true);
      document.addEventListener("pointerdown", this.leave, true);
    }
    this.shown = { mark, by };
    this.area.classList.add("em-on-fit");
    this.place();
  }

  hide = () => {
    this.shown = null;
    this.card.hide();
    this.ring.hidden = true;
    this.area.classList.remove("em-on-fit");
    document.removeEventListener("scroll", this.follow, { capture: true });
    document.removeEventListener("keydown", this.escape, true);
    document.removeEventListener("pointerdown", this.leave, true);
  };

  /** The card and the ring beside the mark, which is in the window. */
  place() {
    const { shown, chart } = this;
    const fit = shown && this.fits.get(shown.mark.id);
    if (!shown || !fit || !chart || !this.theme) return;
    const { mark } = shown;
    const { left, top } = this.plot.getBoundingClientRect();
    const box = {
      left: left + mark.left,
      right: left + mark.right,
      top: top + mark.top,
      bottom: top + mark.bottom,
    };
    const { clientWidth, clientHeight } = document.documentElement;
    if (box.bottom < 0 || box.right < 0 || box.top > clientHeight || box.left > clientWidth)
      return this.hide();
    const picture = this.pictures.get(fit.id) ?? smallFit(chart, fit, this.theme);
    this.pictures.set(fit.id, picture);
    this.card.show(fit, picture, box, shown.by === "finger");
    this.ring.hidden = false;
    this.ring.classList.toggle("em-cell", Array.isArray(mark.at));
    this.ring.style.cssText = `left:${mark.left}px;top:${mark.top}px;width:${mark.right - mark.left}px;height:${mark.bottom - mark.top}px`;
  }

  /** Goes where the mark has gone; away if it is no more. */
  follow = () => {
    if (!this.shown) return;
    const { mark, by } = this.shown;
    const own = this.marks.filter(({ id }) => id === mark.id);
    const same = own.find(({ curve, at }) => curve === mark.curve && String(at) === String(mark.at));
    this.show(same ?? own[0] ?? null, by);
  };

  /** @param {KeyboardEvent} event */
  escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.hide();
  };

  /**
   * A press elsewhere.
   * @param {PointerEvent} event
   */
  leave = ({ target }) => {
    if (this.shown?.by === "finger" && !this.card.node.contains(/** @type {Node} */ (target))) this.hide();
  };

  /**
   * Plotly forgets what lay under the pointer when it draws anew.
   * @param {PointerEvent} event
   */
  moved({ clientX, clientY, pointerType }) {
    if (pointerType !== "touch") this.finger = false;
    if (this.shown?.by !== "mouse") return;
    const { mark } = this.shown;
    const { left, top } = this.plot.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const near = x > mark.left - FAR && x < mark.right + FAR && y > mark.top - FAR && y < mark.bottom + FAR;
    if (!near) this.hide();
  }

  /**
   * While a button is down Plotly lays a cover over the page, and the pointer leaves the chart where it stands.
   * @param {PointerEvent} event
   */
  left({ clientX, clientY }) {
    const { left, top, right, bottom } = this.area.getBoundingClientRect();
    const inside = clientX > left && clientX < right && clientY > top && clientY < bottom;
    if (this.shown?.by === "mouse" && !inside) this.hide();
  }

  /**
   * Says a fit aloud.
   * @param {string} id
   */
  say(id) {
    const fit = this.fits.get(id);
    this.spoken.textContent = fit ? [fit.title, ...fit.facts].join(". ") : "";
  }

  /** Picks the fit that is shown. */
  open() {
    if (!this.shown) return;
    const { mark, by } = this.shown;
    if (by === "finger") this.hide();
    this.pick(mark.id);
  }

  /**
   * Hands the person a file, on white whatever the page is.
   * @param {string} format "png" or "svg"
   */
  save(format) {
    if (!this.chart || !this.theme) return undefined;
    const paper = onPaper(this.theme);
    const width = Math.max(LEAST_SAVED, this.width);
    const figure = themedFigure(this.chart.figure, paper, width, paper.background);
    return saveFigure(this.Plotly, figure, format, this.chart.name);
  }

  destroy() {
    this.hide();
    this.observer.disconnect();
    this.Plotly.purge(this.plot);
    this.root.replaceChildren();
  }
}
