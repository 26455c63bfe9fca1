// The panels beside the picture: the algorithm's lines, the table of components, and the answer to a question.

import { distancesFrom, nearest } from "../model/clusters.js";
import { count, density, digits, inUnits, nats, percent, quantity } from "../words/format.js";
import { element } from "../draw/dom.js";
import { glyphSign } from "../draw/glyphs.js";
import { explainPoint, evaluate } from "../model/mixture.js";
import { drawnAngle } from "../draw/shapes.js";

const html = (text) => {
  const span = element("span");
  span.innerHTML = text;
  return span;
};

/** The two lines of EM; the one that made the picture is lit. */
export class Algorithm {
  constructor() {
    this.lines = {
      E: element(
        "li",
        {},
        html(
          "<b>E</b> <i>r<sub>ik</sub></i> = <i>π<sub>k</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>k</sub></i>, Σ<sub>k</sub>) ⁄ Σ<sub><i>j</i></sub> <i>π<sub>j</sub></i> N(<i>x<sub>i</sub></i>; <i>μ<sub>j</sub></i>, Σ<sub>j</sub>)",
        ),
      ),
      M: element(
        "li",
        {},
        html(
          "<b>M</b> <i>N<sub>k</sub></i> = Σ<sub><i>i</i></sub> <i>r<sub>ik</sub></i>, &ensp;<i>π<sub>k</sub></i> = <i>N<sub>k</sub></i> ⁄ <i>N</i>, &ensp;<i>μ<sub>k</sub></i>, Σ<sub>k</sub> = weighted mean, spread",
        ),
      ),
    };
    this.node = element(
      "ol",
      { class: "em-algorithm", "aria-label": "The algorithm" },
      this.lines.E,
      this.lines.M,
    );
  }

  show(phase) {
    for (const [name, line] of Object.entries(this.lines)) line.classList.toggle("em-lit", name === phase);
  }
}

/** The head of the column of numbered components, for those who hear the table. */
const CORNER = () => element("th", { scope: "col" }, element("span", { class: "em-unseen" }, "component"));

/** What stands in the columns, and what it means. */
const COLUMNS = [
  ["weight", "The share of all points that the component stands for"],
  ["mean", "The centre of the ellipse"],
  ["length × width", "Of half the solid ellipse: one standard deviation each way"],
  ["angle", "How far the long axis is turned as it is drawn, counterclockwise from the horizontal"],
];

/** Weight, mean and half-axes of every component, as Python computed them, and the angle of what is drawn. */
export class Components {
  constructor(ask) {
    this.ask = ask;
    this.body = element("tbody");
    this.node = element(
      "table",
      { class: "em-table", "aria-label": "Components" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          CORNER(),
          ...COLUMNS.map(([name, title]) => element("th", { scope: "col", title }, name)),
        ),
      ),
      this.body,
    );
  }

  build(run, theme) {
    this.run = run;
    this.rows = Array.from({ length: run.components }, (_, k) => {
      const button = element(
        "button",
        {
          class: "em-chip",
          type: "button",
          style: `--em-colour:${theme.palette[k]}`,
          "aria-label": `Ask component ${k + 1}`,
          click: () => this.ask(k),
        },
        String(k + 1),
        glyphSign(theme.glyphs[k]),
      );
      const cells = Array.from({ length: 4 }, () => element("td"));
      this.body.append(element("tr", {}, element("td", {}, button), ...cells));
      return cells;
    });
  }

  rebuild(run, theme) {
    this.body.replaceChildren();
    this.build(run, theme);
  }

  /** Shows state t's numbers, on axes of which the upward one is drawn `ratio` times as long; a mean that is
   * being dragged comes from `mixture`. */
  show(t, mixture, spans, ratio) {
    const { run } = this;
    this.rows.forEach((cells, k) => {
      const at = 3 * (t * run.components + k);
      const [long, short] = run.axes.subarray(at);
      const angle = drawnAngle(...run.covariances.subarray(at, at + 3), ratio);
      const [x, y] = mixture.means.subarray(2 * k);
      const texts = [
        percent(mixture.weights[k]),
        `${inUnits(x, spans[0])}, ${inUnits(y, spans[1])}`,
        `${digits(long)} × ${digits(short)}`,
        Number.isNaN(angle)
          ? "–"
          : `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−").replace("−0°", "0°"),
      ];
      texts.forEach((text, i) => {
        if (cells[i].textContent !== text) cells[i].textContent = text;
      });
    });
  }
}

/** The answer to "why has this point these colours?" or "what does this component hold?" */
export class Answer {
  /** Without `askPoint` a point's number is asked for elsewhere. */
  constructor({ askPoint, close }) {
    this.number = element("input", {
      type: "number",
      min: 1,
      step: 1,
      "aria-label": "Ask point number",
      placeholder: "number",
      change: () => askPoint(Number(this.number.value)),
    });
    this.title = element("strong");
    this.content = element("div", { class: "em-answer-content", "aria-live": "polite" });
    this.closer = element(
      "button",
      { type: "button", class: "em-quiet em-closer", "aria-label": "Close the answer", click: close },
      "×",
    );
    this.node = element(
      "section",
      { class: "em-card em-answer", "aria-label": "Ask" },
      element(
        "header",
        {},
        this.title,
        ...(askPoint ? [element("label", { class: "em-point-number" }, "point", this.number)] : []),
        this.closer,
      ),
      this.content,
    );
  }

  invite(n) {
    this.title.textContent = "Ask";
    this.closer.hidden = true;
    this.number.max = n;
    this.content.replaceChildren(
      "Click a point, or a component's number, to see where its figures come from.",
    );
  }

  /** The row pi_k * N(x; mu_k, Sigma_k) of a point, its responsibilities, and how dense its place is. */
  showPoint({ i, x, y, mixture, theme, spans, phase, marks }) {
    const { parts, logDensity } = explainPoint(x, y, mixture);
    this.title.textContent = `Point ${i + 1} at (${inUnits(x, spans[0])}, ${inUnits(y, spans[1])})`;
    this.closer.hidden = false;
    this.number.value = i + 1;
    const total = parts.reduce((sum, part) => sum + part.joint, 0);
    const table = element(
      "table",
      { class: "em-table" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          CORNER(),
          ...["weight", "× density", "= product", "share"].map((name) =>
            element("th", { scope: "col" }, name),
          ),
        ),
      ),
    );
    parts.forEach((part, k) => {
      table.append(
        element(
          "tr",
          {},
          element("td", {}, chip(k, theme)),
          element("td", {}, percent(part.weight)),
          element("td", {}, density(part.density)),
          element("td", {}, density(part.joint)),
          element(
            "td",
            {
              class: "em-share",
              style: `--em-share:${100 * part.responsibility}%;--em-colour:${theme.palette[k]}`,
            },
            percent(part.responsibility),
          ),
        ),
      );
    });
    const { logDensities } = evaluate(marks.x, marks.y, mixture);
    const below = logDensities.reduce(
      (sum, value, j) => sum + (value < logDensity ? (marks.sizes?.[j] ?? 1) : 0),
      0,
    );
    const all = marks.sizes ? marks.sizes.reduce((sum, value) => sum + value, 0) : marks.x.length;
    const note =
      phase === "M"
        ? "The ellipses just moved; the colours follow at the next E-step. "
        : phase === "start"
          ? "The first E-step will colour it so. "
          : "";
    this.content.replaceChildren(
      table,
      element(
        "p",
        {},
        `${note}Sum of products p(x) = ${density(total)}, log ${nats(logDensity)}: denser than at ${percent(below / all, 0)} of the points.`,
      ),
    );
  }

  /** A component's weighted sums, as Python computed them at state t. */
  showComponent({ k, t, run, phase, theme, spans }) {
    const at = t * run.components + k;
    this.title.replaceChildren(chip(k, theme), ` Component ${k + 1}`);
    this.closer.hidden = false;
    const held = run.counts[at];
    const [x, y] = run.moment_means.subarray(2 * at);
    const [xx, xy, yy] = run.scatters.subarray(3 * at).map((value) => value / held);
    const [sx, sy] = spans;
    const rows = [
      ["holds Σr", `${count(held)} of ${count(run.total)} points`],
      ["weight", percent(held / run.total, 2)],
      ["weighted mean", `(${inUnits(x, sx)}, ${inUnits(y, sy)})`],
      ["weighted variances", `${digits(xx)}, ${digits(yy)}`],
      ["weighted covariance", digits(xy)],
    ];
    const note = {
      start: "The first E-step will add this up for it.",
      E: "Added up in this E-step. The M-step will make it the new ellipse, as far as the family allows.",
      M: "Added up in the last E-step. The ellipse has just moved there.",
    }[phase];
    this.content.replaceChildren(
      element(
        "table",
        { class: "em-table" },
        ...rows.map(([name, value]) =>
          element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)),
        ),
      ),
      element("p", {}, note),
    );
  }

  /** How far a point is from every centre, and which of them takes it, whole. */
  showDistances({ i, x, y, clusters, theme, spans, phase }) {
    const distances = distancesFrom(x, y, clusters);
    const shares = nearest([x], [y], clusters);
    this.title.textContent = `Point ${i + 1} at (${inUnits(x, spans[0])}, ${inUnits(y, spans[1])})`;
    this.closer.hidden = false;
    const rows = distances.map((distance, k) =>
      element(
        "tr",
        {},
        element("td", {}, chip(k, theme)),
        element("td", {}, digits(distance)),
        element("td", {}, digits(distance * distance)),
        element(
          "td",
          { class: "em-share", style: `--em-share:${100 * shares[k]}%;--em-colour:${theme.palette[k]}` },
          shares[k] ? "nearest" : "",
        ),
      ),
    );
    const own = shares.indexOf(1);
    const note =
      phase === "M"
        ? "The centres just moved; the next assignment will give"
        : phase === "start"
          ? "The first assignment will give"
          : "The assignment gave";
    this.content.replaceChildren(
      tableOf(["", "distance to the centre", "squared", ""], rows),
      element(
        "p",
        {},
        `${note} the whole point to centre ${own + 1}, the nearest: it adds ${digits(distances[own] ** 2)}, its squared distance, to the inertia.`,
      ),
    );
  }

  /** The points that centre k holds, and its part of the inertia, as Python computed them for picture `index`. */
  showCluster({ k, index, t, run, phase, theme, spans }) {
    const at = t * run.components + k;
    this.title.replaceChildren(chip(k, theme), ` Centre ${k + 1}`);
    this.closer.hidden = false;
    const held = run.counts[at];
    const [x, y] = run.moment_means.subarray(2 * at);
    const part = run.parts[index * run.components + k];
    const rows = [
      ["holds", `${count(held)} of ${count(run.total)} points, each whole`],
      ["mean of these points", held ? `(${inUnits(x, spans[0])}, ${inUnits(y, spans[1])})` : "none"],
      ["their squared distances, summed", `${quantity(part)} of ${quantity(run.values[index])}, the inertia`],
    ];
    const note = {
      start: "The first assignment will give it these points.",
      E: "These points are nearer to it than to any other centre; next it moves to their mean.",
      M: "It has just moved to the mean of these points, which the assignment before gave it.",
    }[phase];
    this.content.replaceChildren(
      tableOf(
        [],
        rows.map(([name, value]) =>
          element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)),
        ),
      ),
      element("p", {}, note),
    );
  }
}

function tableOf(headings, rows) {
  const head = headings.length
    ? [
        element(
          "thead",
          {},
          element("tr", {}, ...headings.map((name) => element("th", { scope: "col" }, name))),
        ),
      ]
    : [];
  return element("table", { class: "em-table" }, ...head, element("tbody", {}, ...rows));
}

function chip(k, theme) {
  return element(
    "span",
    { class: "em-chip", style: `--em-colour:${theme.palette[k]}` },
    String(k + 1),
    glyphSign(theme.glyphs[k]),
  );
}
