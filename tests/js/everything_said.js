// Says of every run that test_everything_said.py sends all that its formulas and answers say, picture by picture.

import { readFileSync } from "node:fs";

import { clustersAt } from "../../ui/stage/static/model/clusters.js";
import { mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { pictureAt } from "../../ui/stage/static/model/timeline.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { Answer } from "../../ui/stage/static/controls/answer.js";
import { formulaOf, lastGain } from "../../ui/stage/static/words/formulas.js";

/** As much of an element as holds text. */
class Element {
  children = [];
  style = {};
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute() {}
  addEventListener() {}
  set textContent(text) {
    this.children = [text];
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join(" ");
  }
}
globalThis.document = { createElement: () => new Element(), createElementNS: () => new Element() };

const answer = new Answer({ close() {} });
const said = () => [answer.title.textContent, answer.content.textContent];

/** What is said at picture `index` of a run, of nothing asked, of some points and of every component. */
function* ofPicture(run, judge, index, clustered) {
  const { phase, iteration, colours } = pictureAt(index);
  const at = (i) =>
    clustered ? clustersAt(run, i, run.choices.radii[0][0]) : mixtureAt(run, pictureAt(i).iteration);
  const components = at(index);
  const spans = Array.from({ length: Math.min(2, run.dimensions) }, () => 9);
  const numbersOf = (i) => run.whole?.points.subarray(i * run.dimensions, (i + 1) * run.dimensions) ?? null;
  const palette = Array.from({ length: run.components + 1 }, () => "#123456");
  const theme = { palette, glyphs: palette.map(() => ({ name: "", rings: [] })), grey: "#888888" };
  const moment = {
    ...{ run, index, judge, clustered, circles: false, moving: false, components, spans, colours: palette },
    ...{ held: colours, before: phase === "M" ? at(index - 1) : null },
  };
  const marks = { x: run.x, y: run.y, binary: run.binary, all: run.whole && { points: run.whole.points } };
  const here = { run, theme, spans, phase, marks, index, mixture: components, t: Math.max(0, colours) };
  const points = [0, 7, run.n - 1].map((point) => ({ point }));
  const parts = Array.from({ length: run.components }, (_, component) => ({ component }));
  for (const asked of [null, ...points, ...parts]) {
    const { point, component } = asked ?? {};
    const formula = formulaOf({ ...moment, asked, numbers: numbersOf(point ?? 0) });
    yield* [formula.symbols, formula.numbers, ...formula.words];
    if (component !== undefined && clustered) answer.showCluster({ ...here, k: component });
    else if (component !== undefined) answer.showComponent({ ...here, k: component });
    else if (point !== undefined) {
      const place = { i: point, x: run.x[point], y: run.y[point] };
      const told = run.answer && { value: run.binary[point], name: run.answer[1 + run.binary[point]] };
      const whole = run.whole && { numbers: numbersOf(point), spans: [...run.columns.keys()].map(() => 9) };
      const all = whole && { ...whole, columns: run.columns };
      if (clustered) answer.showDistances({ ...here, ...place, clusters: components });
      else answer.showPoint({ ...here, ...place, answer: told, whole: all });
    }
    if (asked) yield* said();
  }
  if (index === 2 * run.states - 1) yield lastGain(moment);
}

const messages = JSON.parse(readFileSync(0, "utf-8"));
const answers = messages.map((message) => {
  const runs = readRuns(Uint8Array.from(Buffer.from(message, "base64")));
  const judge = runs.at(-1);
  return runs.map((run) => {
    const texts = Array.from({ length: 2 * run.states }, (_, index) => [
      ...ofPicture(run, judge, index, run !== judge),
    ]);
    return { counts: [...run.counts], texts: texts.flat() };
  });
});
process.stdout.write(JSON.stringify(answers));
