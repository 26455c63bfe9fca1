// A formula as a line of plain text, for whoever has nothing to set it with.

const SIGNS = {
  pi: "π",
  mu: "μ",
  sigma: "σ",
  theta: "θ",
  alpha: "α",
  Sigma: "Σ",
  sum: "Σ",
  mathcal: "",
  mid: "|",
  cdot: "·",
  times: "×",
  approx: "≈",
  propto: "∝",
  infty: "∞",
  ne: "≠",
  le: "≤",
  ge: "≥",
  top: "ᵀ",
  log: "log",
  exp: "exp",
  max: "max",
  min: "min",
  arg: "arg",
  dots: "…",
  cdots: "…",
  lVert: "‖",
  rVert: "‖",
  mathbb: "",
  mathrm: "",
  operatorname: "",
  displaystyle: "",
  textstyle: "",
  left: "",
  right: "",
  big: "",
  Big: "",
  quad: "  ",
  qquad: "    ",
};

/** Where a group in braces stands inside another, the inner one comes first. */
const GROUP = String.raw`\{([^{}]*)\}`;

/** What is taken away or rewritten, from the inside out. @type {[RegExp, string][]} */
const GROUPS = [
  [new RegExp(String.raw`\\(?:textcolor|htmlClass)${GROUP}${GROUP}`), "$2"],
  [new RegExp(String.raw`\\[dt]?frac${GROUP}${GROUP}`), "($1) / ($2)"],
  [new RegExp(String.raw`\\sqrt${GROUP}`), "√($1)"],
  [new RegExp(String.raw`\\bar${GROUP}`), "$1\u0304"],
  [new RegExp(String.raw`\\begin${GROUP}|\\end${GROUP}`), ""],
  [
    new RegExp(String.raw`\\(?:text|mathrm|mathcal|mathbb|operatorname\*?|mathord|boxed|substack)${GROUP}`),
    "$1",
  ],
  [new RegExp(String.raw`(?<!\\[A-Za-z]+(?:\{[^{}]*\})?)${GROUP}`), "$1"],
];

/**
 * The text of a formula in TeX, with its signs and without its commands.
 * @param {string} tex
 */
export function plainFormula(tex) {
  let text = tex.replaceAll("\\{", "⦃").replaceAll("\\}", "⦄").replaceAll("\\%", "%");
  for (let changed = true; changed;) {
    const before = text;
    for (const [pattern, words] of GROUPS) if (text === before) text = text.replace(pattern, words);
    changed = text !== before;
  }
  return text
    .replaceAll(/\\([A-Za-z]+)/g, (_, name) => SIGNS[/** @type {keyof typeof SIGNS} */ (name)] ?? name)
    .replaceAll("\\\\", "; ")
    .replaceAll(/\\[,;:! ]/g, " ")
    .replaceAll("^ᵀ", "ᵀ")
    .replaceAll("⦃", "{")
    .replaceAll("⦄", "}")
    .replaceAll(/[&~]/g, " ")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}
