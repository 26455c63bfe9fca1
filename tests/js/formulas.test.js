// The formulas: their numbers are the model's, which are Python's, and what sets them takes them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { legible } from "../../ui/stage/static/draw/legible.js";
import { clustersAt, distancesFrom, nearest } from "../../ui/stage/static/model/clusters.js";
import { countedIn } from "../../ui/stage/static/model/counted.js";
import { explainPoint, mixtureAt } from "../../ui/stage/static/model/mixture.js";
import { nextOf, pictureAt } from "../../ui/stage/static/model/timeline.js";
import { mostTorn } from "../../ui/stage/static/model/torn.js";
import { readRuns } from "../../ui/stage/static/protocol/runs.js";
import { sharesInNumbers } from "../../ui/stage/static/words/e-step-formula.js";
import {
  change,
  count,
  density,
  digits,
  inUnits,
  nats,
  percent,
  placeText,
  quantity,
} from "../../ui/stage/static/words/format.js";
import { formulaOf, lastGain } from "../../ui/stage/static/words/formulas.js";
import { plainFormula } from "../../ui/stage/static/words/plain-formula.js";
import { LINES, endOf, stepsOf } from "../../ui/stage/static/words/steps.js";
import { texOf } from "../../ui/stage/static/words/tex.js";
import { ALGORITHMS, ANSWERED, KINDS, messageBytes, oracle } from "./oracle.js";

const COLOURS = ["#0072b2", "#d55e00", "#4f9a5b", "#8a919c"];
const SPANS = [9, 9];
const runOf = (kind) => readRuns(messageBytes(kind)).at(-1);

/** What is told of picture `index` of a run. */
const momentOf = (run, index, asked = null) => {
  const { phase, iteration, colours } = pictureAt(index);
  return {
    ...{ run, index, asked, judge: run, clustered: false, circles: false, moving: false, numbers: null },
    ...{ spans: SPANS, colours: COLOURS, held: colours, components: mixtureAt(run, iteration) },
    before: phase === "M" ? mixtureAt(run, iteration - 1) : null,
  };
};

/** The lines of a formula, without its colours. */
const linesOf = (tex) =>
  tex
    .replaceAll(/\\textcolor\{#\w+\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g, "$1")
    .replaceAll(/\\textcolor\{#\w+\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g, "$1")
    .replaceAll(/\\(begin|end)\{aligned\}/g, "")
    .split(" \\\\ ")
    .map((line) => line.trim());

/** Every formula of a run, with its words. */
function* everyFormula(kind) {
  const run = runOf(kind);
  for (let index = 0; index < 2 * run.states; index++)
    for (const asked of [null, { point: 3 }, { component: 1 }]) yield formulaOf(momentOf(run, index, asked));
}

for (const kind of KINDS) {
  test(`the shares of every point stand in the E-step's formula as Python has them: ${kind}`, () => {
    const run = runOf(kind);
    const index = 2 * run.states - 1;
    oracle.painted[kind][1].shares.forEach((shares, point) => {
      const { numbers, words } = formulaOf(momentOf(run, index, { point }));
      const lines = linesOf(numbers);
      assert.match(words[0], new RegExp(`^Point ${point + 1}, as you asked`));
      shares.forEach((share, k) => {
        const name = `r_{${point + 1},${k < run.components ? k + 1 : "\\text{noise}"}} &=`;
        const line = lines.find((one) => one.startsWith(name));
        assert.ok(line, `${name} is missing in ${numbers}`);
        const shown = line.match(/&= (\S+%)(?: &&|$)|= (\S+%)$/);
        assert.equal(shown[1] ?? shown[2], texOf(percent(share)), line);
      });
    });
  });

  test(`the products are the answer's, and the M-step's numbers what the component held and became: ${kind}`, () => {
    const run = runOf(kind);
    const last = 2 * run.states - 1;
    const answer = run.binary ? run.binary[5] : null;
    const { parts } = explainPoint(run.x[5], run.y[5], answer, mixtureAt(run, run.states - 1));
    const { numbers } = formulaOf(momentOf(run, last, { point: 5 }));
    const variational = run.algorithm === "variational";
    for (const part of parts) {
      const wanted = variational ? [density(part.joint)] : [percent(part.weight), density(part.density)];
      for (const text of wanted) assert.ok(numbers.includes(texOf(text)), `${text} is missing in ${numbers}`);
    }
    for (let t = 0; t + 1 < run.states; t++) {
      const [k, at] = [1, t * run.components + 1];
      const moved = formulaOf(momentOf(run, 2 * t + 2, { component: k })).numbers;
      const now = mixtureAt(run, t + 1);
      const texts = [
        count(run.counts[at]),
        percent(now.weights[k], 2),
        placeText(now.means.subarray(2 * k), SPANS),
        ...[...now.covariances.subarray(3 * k, 3 * k + 3)].map(digits),
        ...(run.answer ? [percent(now.probabilities[k])] : []),
      ];
      for (const text of texts) assert.ok(moved.includes(texOf(text)), `${text} is missing in ${moved}`);
      // An M-step without beliefs makes the weighted mean the mean, so that it stands there once, and of nothing there
      // is no mean.
      const bars = /\\bar\{x\}_/.test(moved);
      assert.equal(bars, variational && run.counts[at] > 0);
    }
  });
}

test("where nobody asks, the point's largest share at the end is the smallest of all", () => {
  for (const kind of ["em", ...ANSWERED.filter((name) => name.startsWith("em"))]) {
    const run = runOf(kind);
    const largest = oracle.painted[kind][1].shares.map((shares) => Math.max(...shares));
    assert.equal(largest[mostTorn(run)], Math.min(...largest));
    const { words } = formulaOf(momentOf(run, 1));
    assert.ok(words[0].startsWith(`Point ${mostTorn(run) + 1}: on it the components disagree most`));
  }
});

test("the M-step of a point is that of the component that took most of it", () => {
  const run = runOf("em");
  oracle.painted.em[0].shares.forEach((shares, point) => {
    const own = shares.slice(0, run.components);
    const k = own.indexOf(Math.max(...own));
    const { words } = formulaOf(momentOf(run, 2, { point }));
    assert.equal(words[0], `Component ${k + 1}, which took most of point ${point + 1}.`);
  });
});

test("of many components the largest shares stand there, and dots for the others", () => {
  const run = { ...runOf("em"), noise: undefined, components: 9 };
  const joints = [1, 9, 2, 8, 3, 7, 4, 6, 5];
  const parts = joints.map((joint) => ({
    ...{ weight: 1 / 9, density: 9 * joint, chance: 1 },
    ...{ joint, responsibility: joint / 45 },
  }));
  const colours = Array(9).fill("#000000");
  const lines = linesOf(sharesInNumbers({ i: 0, run, parts, colours }));
  const shown = lines.filter((line) => line.startsWith("r_")).map((line) => Number(line.match(/,(\d+)/)[1]));
  assert.deepEqual(shown, [2, 4, 6, 8, 9]);
  assert.ok(lines.some((line) => line.includes("\\vdots")));
  assert.ok(lines.at(-1).endsWith("\\dots"));
  const six = linesOf(sharesInNumbers({ i: 0, run, parts: parts.slice(0, 6), colours }));
  assert.equal(six.filter((line) => line.startsWith("r_")).length, 6);
  assert.ok(!six.some((line) => line.includes("dots")));
});

test("a point out of reach has its shares, and no products that are nothing", () => {
  const run = { ...runOf("em"), noise: undefined, components: 2 };
  const far = { weight: 0.5, density: 0, chance: 1, joint: 0 };
  const parts = [
    { ...far, responsibility: 1 },
    { ...far, responsibility: 0 },
  ];
  const lines = linesOf(sharesInNumbers({ i: 7, run, parts, colours: COLOURS }));
  assert.deepEqual(lines, ["r_{8,1} &= 100.0\\%", "r_{8,2} &= 0.0\\%"]);
});

test("what else has a say in an M-step is written into it", () => {
  const run = runOf("em, answers");
  const symbols = (more) => formulaOf(momentOf({ ...run, ...more }, 2)).symbols;
  assert.match(symbols({}), /\\pi_k = N_k \/ N/);
  assert.match(symbols({}), /\\Sigma_k &= \\textstyle S_k/);
  assert.match(symbols({}), /\\theta_k/);
  assert.match(symbols({ m_step: { equal: true } }), /\\pi_k = 1 \/ K/);
  assert.match(symbols({ m_step: { reg: 0.25 } }), /S_k \+ 0\.250 \\, I/);
  assert.match(symbols({ letters: "EEE" }), /\\sum_j N_j S_j/);
  assert.match(symbols({ letters: "VEV" }), /likeliest, given/);
  assert.match(symbols({ weighted: true }), /w_i r_\{ik\}/);
  const prior = formulaOf(momentOf({ ...run, m_step: { prior: true, reg: 0.25 } }, 2));
  assert.ok(!prior.symbols.includes("\\Sigma_k"));
  assert.match(prior.words.join(" "), /prior counts as a few points more\. Every variance has 0\.250 added/);
});

test("on a line variances stand for covariances", () => {
  const run = { ...runOf("em"), dimensions: 1 };
  assert.match(formulaOf(momentOf(run, 1)).symbols, /\\sigma_k\^2/);
  for (const part of ["symbols", "numbers"])
    assert.ok(!formulaOf(momentOf(run, 2))[part].includes("\\Sigma"), part);
});

test("weights of rows are what N counts", () => {
  const run = runOf("em, answers");
  assert.equal(countedIn(run), run.total);
  const doubled = { ...run, weighted: true, counts: run.counts.map((held) => 2 * held) };
  assert.ok(Math.abs(countedIn(doubled) - 2 * run.total) < 1e-9);
  const noisy = runOf("em");
  assert.ok(Math.abs(countedIn({ ...noisy, weighted: true }) - noisy.total) < 1e-9);
});

test("K-Means: squared distances, the nearest, and the mean of a centre's points", () => {
  const [run, judge] = readRuns(messageBytes("comparison"));
  for (let index = 0; index < 2 * run.states; index++) {
    const { phase, colours } = pictureAt(index);
    const components = clustersAt(run, index, run.choices.radii[0][0]);
    const before = phase === "M" ? clustersAt(run, index - 1, run.choices.radii[0][0]) : null;
    const shared = { ...momentOf(judge, 0), run, index, components, before, clustered: true, held: colours };
    const { numbers } = formulaOf({ ...shared, asked: { point: 4 } });
    const held = phase === "M" ? before : components;
    const own = nearest({ x: [run.x[4]], y: [run.y[4]] }, held).indexOf(1);
    if (phase === "M") {
      const at = colours * run.components + own;
      assert.ok(numbers.includes(texOf(placeText(run.moment_means.subarray(2 * at), SPANS))));
      assert.ok(numbers.includes(`= \\textcolor{${COLOURS[own]}}{${texOf(count(run.counts[at]))}}`));
    } else {
      assert.ok(linesOf(numbers).includes(`z_{5} &= ${own + 1}`) || phase === "start", numbers);
      for (const distance of distancesFrom(run.x[4], run.y[4], components))
        assert.ok(numbers.includes(`= ${texOf(digits(distance * distance))}`), numbers);
    }
    assert.equal(lastGain(shared), "");
  }
});

test("every algorithm has its four lines, and no two of them the same four", () => {
  const all = [...ALGORITHMS, "kmeans"].map((name) =>
    JSON.stringify(LINES.map((line) => stepsOf(name)[line])),
  );
  assert.equal(new Set(all).size, all.length);
  for (const name of ALGORITHMS) assert.ok(LINES.every((line) => stepsOf(name)[line][1].length > 5));
});

test("the next picture of a phase comes after this one, or is the last there is", () => {
  for (const pictures of [2, 8]) {
    for (let index = 0; index < pictures; index++) {
      for (const phase of ["start", "E", "M"]) {
        const next = nextOf(phase, index, pictures);
        const own = [...Array(pictures).keys()].filter((i) => pictureAt(i).phase === phase);
        if (!own.length) assert.equal(next, -1);
        else if (own.at(-1) <= index) assert.equal(next, own.at(-1));
        else if (phase !== "start") assert.ok(next > index && !own.some((i) => i > index && i < next));
      }
    }
  }
});

test("the next picture of a phase is found without going through all of them", () => {
  assert.equal(nextOf("M", 6, 4e9), 8);
  assert.equal(nextOf("E", 4e9 - 2, 4e9), 4e9 - 1);
});

test("where a run has ended its last line says how, and elsewhere what it waits for", () => {
  const reasons = ["CONVERGED", "STEP_LIMIT", "COMPONENT_COLLAPSED", "LIKELIHOOD_FELL"];
  for (const algorithm of [...ALGORITHMS, "kmeans"]) {
    const ends = reasons.map((reason) => endOf(algorithm, { reason }).join(" "));
    assert.equal(new Set(ends).size, ends.length);
    assert.match(ends[0], /^Converged: \S.+ (tolerance|more)$/);
    for (const end of ends.slice(1)) assert.match(end, /^Stopped:? \S.+[a-z]$/);
    for (const end of ends) assert.doesNotMatch(end, /until/);
    assert.deepEqual(endOf(algorithm, null), stepsOf(algorithm).until);
  }
});

test("what the last step gained is said where the curve shows what it was to raise, and there alone", () => {
  const run = { ...runOf("em, answers"), stop: { reason: "CONVERGED" } };
  const [before, now] = run.curve.subarray(run.states - 2);
  assert.ok(lastGain({ run }).includes(texOf(digits(now - before))));
  for (const more of [{ m_step: { prior: true } }, { stop: { reason: "STEP_LIMIT" } }])
    assert.equal(lastGain({ run: { ...run, ...more } }), "");
});

test("noise stands in the formulas of whatever has noise, and in no others", () => {
  for (const kind of KINDS)
    for (const index of [0, 1]) {
      const run = runOf(kind);
      const symbols = formulaOf(momentOf(run, index, { point: 2 })).symbols;
      assert.equal(/\\pi_0/.test(symbols), Boolean(run.noise), `${kind}: ${symbols}`);
    }
});

test("noise is spread over a length, an area or a volume", () => {
  const run = runOf("em");
  ["length", "area", "volume", "volume"].forEach((name, d) => {
    const words = formulaOf(momentOf({ ...run, dimensions: d + 1 }, 1, { point: 2 })).words.join(" ");
    assert.ok(words.includes(`spread over the ${name} V.`), words);
  });
});

test("of many points not all are looked at, which is said", () => {
  const few = runOf("em");
  const n = 6000;
  const [x, y] = [few.x, few.y].map((all) => Float64Array.from({ length: n }, (_, i) => all[i % few.n]));
  const said = (run) => formulaOf(momentOf(run, 1)).words[0];
  assert.match(said({ ...few, x, y, n }), /disagree most at the end, of those looked at\./);
  assert.match(said(few), /disagree most at the end\./);
});

test("what is no number, or too large for one, is written as such", () => {
  const writers = [change, count, density, digits, (value) => inUnits(value, 9), nats, percent, quantity];
  for (const write of writers)
    for (const [value, text] of [
      [NaN, "–"],
      [Infinity, "∞"],
      [-Infinity, "−∞"],
    ]) {
      assert.equal(write(value), text, write.name);
      assert.match(texOf(text), /^(\\text\{–\}|(\\mathord\{-\})?\\infty)$/);
    }
  assert.equal(count(0), "0");
  assert.equal(count(3e-9), "3.00·10⁻⁹");
});

test("numbers in TeX are those that people read", () => {
  for (const value of [0, 1, -0.5, 1.2e-7, -3.4e-300, 12345.678, 5.6e12])
    for (const write of [digits, density, (number) => placeText([number, -number], [9, 9])]) {
      const text = write(value);
      const back = texOf(text)
        .replaceAll(/\^\{(-?\d+)\}/g, (_, power) =>
          [...power].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join(""),
        )
        .replaceAll("\\mathord{-}", "−")
        .replaceAll(" \\cdot ", "·")
        .replaceAll(",\\, ", ", ");
      assert.equal(back, text);
    }
  assert.equal(texOf("1,234.5"), "1{,}234.5");
});

test("without anything to set it with a formula is a line of text", () => {
  for (const kind of KINDS)
    for (const { symbols, numbers } of everyFormula(kind))
      for (const tex of [symbols, numbers]) {
        const text = plainFormula(tex);
        assert.doesNotMatch(text, /[\\{}&#]/, tex);
        assert.ok(text.length > 4);
      }
});

test("colours of components can be read on either ground, and those that can already stay as they are", () => {
  const luminance = (colour) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const ground of ["#f4f6f9", "#1a222c", "#ffffff", "#000000"])
    for (const colour of runOf("em").palette) {
      const [dark, light] = [legible(colour, ground), ground].map(luminance).sort((a, b) => a - b);
      assert.ok((light + 0.05) / (dark + 0.05) > 4.5, `${colour} on ${ground}`);
    }
  assert.equal(legible("#000000", "#ffffff"), "#000000");
});

test("what sets formulas takes every one of them", { skip: !process.env.KATEX }, () => {
  const source = readFileSync(process.env.KATEX, "utf-8");
  const katex = new Function(source.replace(/export\s*\{\s*([\w$]+) as default\s*\};?\s*$/, "return $1;"))();
  let all = 0;
  for (const kind of KINDS)
    for (const { symbols, numbers } of everyFormula(kind))
      for (const tex of [symbols, numbers]) {
        all += 1;
        assert.ok(katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: "error" }));
      }
  assert.ok(all > 100);
});
