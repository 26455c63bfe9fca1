// A lesson in the stage's JavaScript, for the type checker alone: no browser loads this file.

/** What came of a lesson beside what people said: right, close, or far. */
type Verdict = "right" | "close" | "far";

/** Where people are in a lesson; "changed" only where the lesson changes something. */
type LessonStep = "question" | "act" | "changed" | "reveal";

interface NumberPrediction {
  kind: "number";
  low: number;
  high: number;
  step: number;
  /** How far off is still close. */
  near: number;
  decimals: number;
  actual: number;
}

interface ChoicePrediction {
  kind: "choice";
  /** Names; the words have their texts. */
  options: string[];
  actual: string;
}

/** A place on the picture. */
interface PlacePrediction {
  kind: "place";
  /** What the axes are called: one on a line, two in the plane. */
  columns: string[];
  /** How far off is still close. */
  near: number;
  decimals: number;
  actual: number[];
}

type Prediction = NumberPrediction | ChoicePrediction | PlacePrediction;

/** What people said: a number, the name of an option, or a place. */
type Guess = number | string | number[];

/** What a lesson says in one language, with its numbers in it. */
interface LessonWords {
  title: string;
  question: string;
  ask: string;
  /** Of a choice, by the options' names. */
  options?: Record<string, string>;
  act: string;
  reveal: string;
  /** Of a run that people have made: {end}, {gap} and {steps}. */
  yours?: string;
  next: string;
}

/** The message of a lesson, as ui/workspace/lessons.py writes it. */
interface LessonMessage {
  name: string;
  /** From 1. */
  number: number;
  /** Of the stage. */
  kind: string;
  /** The tools that stay in sight. */
  tools: string[];
  /** What stands beside the picture. */
  cards: string[];
  /** What the stage keeps to itself until people have guessed. */
  secrets: string[];
  prediction: Prediction;
  /** Whether people change something; else they step and play. */
  change: boolean;
  /** The half-step that the reveal shows; null for the last. */
  at: number | null;
  /** Whether people may move the means. */
  hand: boolean;
  facts: Record<string, number | string>;
  /** What languages call themselves, by their code. */
  languages: Record<string, string>;
  /** What stands before decimals, by language. */
  commas: Record<string, string>;
  say: Record<string, LessonWords>;
  /** What stands around a lesson, by language and key; {braces} are filled by the player. */
  page: Record<string, Record<string, string>>;
  course: { name: string; title: Record<string, string> }[];
  /** The address parameters of what the lab opens on. */
  lab: Record<string, string>;
  /** Messages of the stage; the second only where the lesson changes something. */
  before: Uint8Array;
  after?: Uint8Array;
}

/** How far somebody is in a lesson. */
interface Attempt {
  name: string;
  step: LessonStep;
  guess: Guess | null;
  verdict: Verdict | null;
  /** Whether people guess a second time, after talking to a neighbour. */
  thinksAgain?: boolean;
  /** Whether somebody of a class has gone on to what happened, after the teacher has shown it. */
  isAlone?: boolean;
  /** What came of the run that people made last, and of the last before it was shown what happened; null for none. */
  own: OwnRun | null;
  ownBefore: OwnRun | null;
}

/** What a link says of a class. */
interface Classroom {
  /** The lesson that it is about; others are nobody's business. */
  lesson: string;
  /** Whether what happened is the teacher's to show. */
  stops: boolean;
  /** Whether a room collects the guesses. */
  collects: boolean;
}

/** Where a run of one's own ended: its log-likelihood, after so many steps. */
interface OwnRun {
  end: number;
  steps: number;
}

/** What the controls of a lesson show. */
interface LessonView extends Attempt {
  message: LessonMessage;
  language: string;
  said: LessonWords;
  page: Record<string, string>;
  comma: string;
  /** Verdicts on the lessons that were taken to the end in this browser, by name. */
  done: Record<string, Verdict>;
  /** Whether no app is behind the page: then what to try next may be elsewhere. */
  alone?: boolean;
  /** Present in a lesson that is taken with a class. */
  seat?: import("./static/model/seat.js").Seat;
  /** Whether what happens is the teacher's to show. */
  waits: boolean;
}

/** Where a lesson player lives. */
interface LessonHost {
  /** Shows another lesson. */
  open(name: string, language: string): void;
  /** Asks for the lesson that the address has gone to, where pages do not come by themselves. */
  ask?(name: string): void;
  /** Goes on in the lab, where there is one. */
  lab?(parameters: Record<string, string>, kind: string): void;
  /** Whether it has nothing but the lessons. */
  alone?: boolean;
  /** Calls the page what the lesson is called. */
  entitle?(title: string): void;
  /** Hears what people did: { type: "guess" | "reveal", lesson, ... }. */
  tell?(event: Record<string, unknown>): void;
  /** In the class that the link belongs to. */
  seat?: import("./static/model/seat.js").Seat;
  /** Keeps the address: lesson, lang and at. */
  remember(parameters: Record<string, string>): void;
  /** Puts the address on the clipboard; false where the browser does not let it. */
  copy?(parameters: Record<string, string>): Promise<boolean>;
  /** The language to begin in; the first there is if it is not known. */
  language: string;
  /** The half-step that the link opens the first lesson at. */
  at?: number;
  /** How far people are in each lesson, by name; the player keeps it. */
  attempts?: Record<string, Attempt>;
}
