// What goes about in the stage's JavaScript, for the type checker alone: no browser loads this file.
// N points, K components, T states; 2T pictures, see static/model/timeline.js.

/** What Python says of a run and of how to show it: the header of the message, as ui/stage/codec.py writes it. */
interface Header {
  /** Changes when the run does. */
  id: string;
  /** Grows when the stage should begin again even if the run is the same. */
  beginning: number;
  /** Changes when the data are others. */
  data_id: string;
  /** x0, x1, y0, y1 of the data, with a little to spare; a message has two numbers for each dimension. */
  extent: Four;
  /** "equal" on both axes, or "free" where one of them would be a line. */
  scale: string;
  /** Spans as many times as long as another leave that one a line on equal axes. */
  unlike: number;
  /** D: 1 on a line, 2 in the plane, or more, of which a pair is shown. */
  dimensions: number;
  /** The dimensions across and upwards, counted from 0. */
  pair: number[];
  columns: [string, string];
  title: string;
  name: string;
  /** Whether a hand placed the starting mixture. */
  start_placed: boolean;
  family: string;
  /** Its three letters: volume, shape, orientation. */
  letters: string;
  /** A key of gmm_core.ALGORITHMS. */
  algorithm: string;
  /** What else has a say in an M-step of EM: what is added to every variance, a prior, equal weights. */
  m_step?: { reg?: number; prior?: boolean; equal?: boolean };
  /** What the curve shows. */
  curve_name: string;
  /** Of the region over which the noise is spread; null without noise. */
  noise_volume: number | null;
  /** What steps that switched a component off did, by the iteration they led to. */
  moves: Record<string, string>;
  controls: OfferedControls | null;
  notice: string;
  /** T; 0 where there is nothing to fit. */
  states: number;
  /** K; 0 where there is nothing to fit. */
  components: number;
  /** The points that count, which are those that travelled. */
  total: number;
  /** Whether points count more than once, or less. */
  weighted: boolean;
  /** Whether cells of points are drawn instead of points. */
  cells: boolean;
  stop: Stop | null;
  truth: { weights: number[]; means: number[]; covariances: number[] } | null;
  /** The yes/no column, and what 0 and 1 are called; null for none. */
  answer: [column: string, no: string, yes: string] | null;
  label_names: string[];
  /** What points of none of these are called, if they are a group of their own; empty if nobody knows. */
  label_rest: string;
  /** For every label its place in the palette. */
  label_colours: number[];
  palette: string[];
  glyphs: Glyph[];
  glyphs_from: number;
  choices: Choices;
  /** The picture to open on. */
  half_step: number;
  view: View;
  /** As texts, as the address would have them; with the picture's number, `at`. */
  view_defaults: Record<string, string>;
  address: Record<string, string>;
  file: string;
  locked: boolean;
  /** How the page itself can fit anew; null where it cannot. */
  fit: PageFit | null;
  acknowledged: number;
  resumes: boolean;
  listens: boolean;
  origin: number[];
  kmeans?: { states: number; stop: Stop };
  dial?: DialHeader | null;
  arrays: Record<string, { type: "f64" | "f32" | "i32" | "u8"; offset: number; length: number }>;
}

type Four = [x0: number, x1: number, y0: number, y1: number];

/** What plain EM on these points goes by, in one of the four standard families. */
interface PageFit {
  reg_covar: number;
  tolerance: number;
  /** The most steps, and the most points times components times steps. */
  step_limit: number;
  most_work: number;
  stop_when_falling: boolean;
  equal_weights: boolean;
}

interface Stop {
  reason: "CONVERGED" | "COMPONENT_COLLAPSED" | "LIKELIHOOD_FELL" | "STEP_LIMIT";
  sentence: string;
  /** What can be done about it, and what of a page's settings that changes; null or none if it takes more. */
  cures?: [name: string, title: string, changes?: Partial<PageFit> | null][];
}

interface OfferedControls {
  components: number;
  most_components: number;
  family: string;
  families: [value: string, text: string][];
  new_start: boolean;
}

interface Glyph {
  name: string;
  rings: [x: number, y: number][][];
}

/** What may be chosen of a view, [value, title] each, as ui/stage/choices.py lists it. */
interface Choices {
  colours: [string, string][];
  backgrounds: [string, string][];
  /** The same for points on a line. */
  line_backgrounds: [string, string][];
  levels: number[];
  scales: [string, string][];
  radii: [string, string][];
  /** What is seen of points drawn from the model. */
  samples: [string, string][];
}

interface DialHeader {
  ratios: number[];
  deviations: number[];
  variances: number[];
  softness: number[];
  disagreements: number[];
  lengths: number[];
  stops: Stop[];
  figure: Figure;
}

/** How the pictures are drawn; the names are those of the address. */
interface View {
  colour: string;
  /** The component that the view of one component shows. */
  one: number;
  behind: string;
  level: number;
  scale: string;
  trails: boolean;
  margins: boolean;
  glyphs: string;
  radius: string;
  dial_at: number;
  reveal: boolean;
  present: boolean;
  /** Points drawn from the model: "off", "beside" the data or "instead" of them. */
  drawn: string;
  /** Of more than two columns those across and upwards; empty for those that the run comes with. */
  pair: number[];
}

/** What a run has in all of D > 2 columns, while the run itself has what is shown of them. */
interface Whole {
  /** (N x D). */
  points: Float64Array;
  /** D names. */
  columns: string[];
  /** (D x 2). */
  extent: number[];
  /** The pair that the run comes with. */
  pair: number[];
  /** (T x K x D). */
  means: Float64Array;
  moment_means: Float64Array;
  /** (T x K x D (D + 1) / 2): on and above the diagonal, row by row. */
  covariances: Float64Array;
  scatters: Float64Array;
  /** (T x K), and (T x K x D (D + 1) / 2): on and below the diagonal, row by row. */
  constants: Float64Array;
  whiteners: Float64Array;
  truth: Shapes | null;
}

/** Points as two columns, and what every run has: a curve with a value for each picture, and K means a state. */
interface Run extends Header {
  n: number;
  x: Float64Array;
  y: Float64Array;
  /** (N): negative for background. */
  labels?: Int32Array;
  /** (N): zeros and ones, where there is a yes/no column. */
  binary?: Uint8Array;
  /** (N): how often each counts, where that is not once and a page may fit anew. */
  point_weights?: Float64Array;
  /** Of a line, which has y = 0: the heights (N) at which points are drawn, and those (K) of components. */
  heights?: Float64Array;
  lanes?: Float64Array;
  /** Where there are more than two columns. */
  whole?: Whole | null;
  /** Then: of the rectangle about the points, in the pair that is shown. */
  area?: number;
  true_shapes: Shapes | null;
  /** (2T). */
  values: Float64Array;
  /** R: the shares of a point, K and one more where there is noise. */
  rows: number;
  /** (T x K). */
  weights: Float64Array;
  /** (T x K x 2). */
  means: Float64Array;
  /** (T x K): what each component holds of the points. */
  counts: Float64Array;
  /** (T x K x 2): the mean of what it holds. */
  moment_means: Float64Array;
}

interface EMRun extends Run {
  /** (T x K x 3: xx, xy, yy). */
  covariances: Float64Array;
  /** The terms of the log-joint, see LogJoint: (T x K), (T x K x 3); a run of the dial has none. */
  constants?: Float64Array;
  whiteners?: Float64Array;
  /** (T): the noise's row of the log-joint, and its weight, where there is noise. */
  log_noise?: Float64Array;
  noise?: Float64Array;
  /** (T x K), where there is a yes/no column: of a one, the logarithms that points are painted by, and the ones held. */
  probabilities?: Float64Array;
  log_failures?: Float64Array;
  log_successes?: Float64Array;
  successes?: Float64Array;
  /** (T), where any is not 1. */
  temperatures?: Float64Array;
  /** (T x K x 3: xx, xy, yy). */
  scatters: Float64Array;
  /** (T): what the curve shows. */
  curve: Float64Array;
  /** (T): lower bounds on it, where the algorithm has them; a run of the dial comes without. */
  bounds?: Float64Array;
  /** (T), where the algorithm has them. */
  log_likelihoods?: Float64Array;
  dial_means?: Float64Array;
  dial_curve?: Float64Array;
}

/** It carries the arrays of the mixture beside it along. */
interface KMeansRun extends EMRun {
  /** (2T x 3 x K): of the circles, for each choice of radius; 0 for none. */
  radii: Float64Array;
  /** (2T x K): what the points of each cluster add to the inertia. */
  parts: Float64Array;
}

/** K components: weights (K) and means (K x 2). */
interface Components {
  weights: Float64Array;
  means: Float64Array;
  /** Whether those that hold next to nothing fade away. */
  fading?: boolean;
}

/** With covariances (K x 3: xx, xy, yy). */
interface Shapes extends Components {
  covariances: Float64Array;
  /** Whether they lie on a line: what they are across it counts for nothing. */
  line?: boolean;
}

/** With the radii (K) of circles. */
interface Clusters extends Components {
  radii: Float64Array;
}

/** log(weight * density) as a function of the point, as gmm_core.log_joint has it. */
interface LogJoint {
  /** (K), in nats. */
  constants: Float64Array;
  /** (K x 2). */
  means: Float64Array;
  /** (K x 3): the entries 11, 21 and 22 of lower triangular matrices. */
  whiteners: Float64Array;
  /** The row of background noise, the same at every point. */
  logNoise?: number;
  /** (K x B) each: log-probabilities of 0 and of 1 in binary columns. */
  logFailures?: Float64Array;
  logSuccesses?: Float64Array;
  /** Shares are those of the log-joint divided by it; 1 if left out. */
  temperature?: number;
}

interface Mixture extends Shapes, LogJoint {
  /** The weight of the noise, where there is any, and the size of the region over which it is spread. */
  noise?: number;
  volume?: number | null;
  /** (K): of a one, where there is a yes/no column. */
  probabilities?: Float64Array;
  /** Where there are more than two columns: the mixture in all of them; it is itself that of the pair shown. */
  columns?: Columns;
}

/** A log-joint in D > 2 columns: means (K x D), whiteners (K x D (D + 1) / 2) on and below the diagonal, row by row. */
interface Columns extends LogJoint {
  dimensions: number;
  /** Those shown. */
  pair: number[];
  /** (K x D (D + 1) / 2): on and above the diagonal. */
  covariances: Float64Array;
}

/** A figure of Plotly's. */
interface Figure {
  data: any[];
  layout: any;
}

type Phase = "start" | "E" | "M";

/** Where a stage lives. Where no Python is to be reached there is no send, and nothing can be changed but the view. */
interface Host {
  /** Reaches Python. */
  send?(events: { number: number }[]): void;
  /** Whether send can answer such an event about a run; every one if left out. */
  answers?(event: { type: string; name?: string }, run: EMRun): boolean;
  /** Whether there is something to undo; left out where others offer that. */
  undoable?(): boolean;
  /** Finds what stands above the stage for good, and takes its room. */
  above?(): Element | null;
  /** The few tools that the toolbar shows, by name; the others are folded away. All of them if left out. */
  tools?: string[];
  /** Keeps the address. */
  remember(parameters: Record<string, string>): void;
  /** Puts the address on the clipboard; false where the browser does not let it. */
  copy?(parameters: Record<string, string>): Promise<boolean>;
}

/** The plot area in CSS pixels, relative to the plot's element, and the data ranges at its edges. */
interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

interface Theme {
  palette: string[];
  glyphs: Glyph[];
  background: string;
  /** Pixels. */
  letter: number;
  text: string;
  dark: boolean;
  accent: string;
  font: string;
  grid: string;
  grey: string;
  faint: string;
  alarm: string;
}

/** Points, and their zeros and ones where there is a yes/no column. */
interface Places {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  binary?: ArrayLike<number> | null;
  /** Their numbers in all of more than two columns. */
  all?: AllColumns | null;
}

/** Points in all of D > 2 columns (M x D), and the mark (M) that each speaks for; without, the marks themselves. */
interface AllColumns {
  points: Float64Array;
  owners?: Uint32Array;
}

/** What is drawn of the points: the points themselves, or cells of them with the number each holds. */
interface Marks {
  x: Float64Array;
  y: Float64Array;
  /** Where they are drawn upwards: points on a line have y = 0, and heights for the eye alone. */
  upwards: Float64Array;
  /** Zeros and ones, where there is a yes/no column: a cell with both is two marks. */
  binary?: Uint8Array | null;
  labels?: Int32Array | null;
  sizes?: Uint32Array;
  /** Of points in more than two columns. */
  all?: AllColumns | null;
  /** The cells' numbers along rows of so many columns. */
  cells?: Uint32Array;
  columns?: number;
}

/** The density over a grid of n x n places of the plane, in rows upwards. */
interface Landscape {
  n: number;
  /** (n x n) each. */
  x: Float64Array;
  y: Float64Array;
  heights: Float64Array;
  /** (n x n x R): whose each place is. */
  shares: Float64Array;
}

/** Of the box that hills stand in: the longer side is 1, and its middle the origin. */
interface Floor {
  across: number;
  along: number;
  /** Where on it a place of the plane is. */
  toBox(x: number, y: number): [u: number, v: number];
}

/** One surface over the places of a landscape. */
interface HillLayer {
  heights: Float64Array;
  /** Above the floor of the box. */
  w: Float64Array;
  /** (n x n x 3). */
  bytes: Uint8Array;
  opacity: number;
}

interface Hills extends Floor {
  n: number;
  x: Float64Array;
  y: Float64Array;
  u: Float64Array;
  v: Float64Array;
  layers: HillLayer[];
  /** The density at the lid of the box. */
  top: number;
  /** (K): the density at the means. */
  peaks: Float64Array;
}

/** The points along one axis. */
interface Along {
  range: [number, number];
  edges: number[];
  heights: number[];
  /** The density at the edge of the picture. */
  top: number;
}

/** From the box to pixels: what a unit across and along moves to the right, and with one up also down. */
interface Projection {
  right: [number, number];
  down: [number, number, number];
  /** Pixels of the floor's middle. */
  middle: [number, number];
  /** The side of the floor that is nearer, as a direction. */
  towards: [number, number];
}

/** What the shapes of a picture are made of. */
interface Drawing<R, C> {
  run: R;
  components: C | null;
  /** The iteration that the trails lead to. */
  t: number;
  /** Those just left, where something has moved. */
  before: C | null;
  options: { level: number; trails: boolean; truth: boolean; dashed: boolean };
  theme: Theme;
  /** How much larger than plain lines are. */
  size: number;
  frame: Frame;
}

/** An algorithm as a pane of the stage knows it; static/stages/models.js has them. */
interface Model {
  /** The name of the picture. */
  picture: string;
  /** The components of picture `index`. */
  at(run: any, index: number, view: View): any;
  /** Shares of points, N x R in rows, under components. */
  shares(points: Places, components: any): Float64Array;
  between(from: any, to: any, share: number): any;
  /** Plotly's shapes. */
  shapes(drawing: Drawing<any, any>): object[];
  /** What is seen, in words. */
  describe(seen: any): string;
  /** The curve with a value for each picture; null for none. */
  figure(run: any): Figure | null;
  /** Whether something may be drawn behind its points. */
  hasDensity: boolean;
}

/** Plotly itself, loaded by the host. */
type PlotlyLibrary = any;
/** An element that Plotly has drawn in. */
type PlotElement = any;
