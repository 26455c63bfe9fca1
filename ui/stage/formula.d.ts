// What sets formulas, for the type checker alone: no browser loads this file.

/** What the stage asks of KaTeX. */
interface Katex {
  render(tex: string, node: HTMLElement, options: Record<string, unknown>): void;
}

/** "mathml" is set by the browser itself and needs neither fonts nor a style sheet; with HTML it is read out alone. */
type FormulaOutput = "mathml" | "htmlAndMathml";
