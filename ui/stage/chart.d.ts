// A chart whose marks are fits, for the type checker alone; ui/stage/fit_chart.py has the same in Python.

/** The message, as JSON has it: rows lie one after the other. d is 1 or 2. */
interface FitChartMessage {
  figure: Figure;
  dimensions: number;
  /** (N' x d). */
  points: number[];
  /** x0, x1, and in the plane y0, y1. */
  extent: number[];
  /** Whether a unit is as long upwards as across. */
  equal: boolean;
  /** Standard deviations at which ellipses are drawn. */
  level: number;
  fits: SmallFitMessage[];
  palette: string[];
  glyphs: Glyph[];
  glyphs_from: number;
  name: string;
  label: string;
}

interface SmallFitMessage extends FitWords {
  labels: number[];
  colours: number[];
  weights: number[];
  /** (K x d) and (K x d x d). */
  means: number[];
  covariances: number[];
}

interface FitWords {
  id: string;
  title: string;
  facts: string[];
  /** The series it belongs to; empty for none. */
  row: string;
}

/** One fit for its small picture. */
interface SmallFit extends FitWords {
  /** (N'): of each point its place in the palette, negative for noise. */
  labels: Int32Array;
  /** (K): of each component its place in the palette. */
  colours: number[];
  shapes: Shapes;
}

/** The chart, its points as columns; on a line y = 0. */
interface FitChartContent extends Omit<FitChartMessage, "points" | "fits"> {
  x: Float64Array;
  y: Float64Array;
  fits: SmallFit[];
}

/** A rectangle in CSS pixels. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where a mark lies on its plot, and which it is: trace `curve`, and there a number, or a row and a column. */
interface FitMark extends Box {
  id: string;
  curve: number;
  at: number | [row: number, column: number];
}
