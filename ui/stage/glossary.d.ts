// The glossary, for the type checker alone; ui/glossary/message.py has the same in Python.

/** What no language changes of a term. */
interface GlossaryTerm {
  /** In TeX. */
  formula: string;
  /** Path data of three strokes, in a box 60 wide and 40 high. */
  picture: string[];
  /** Names of the terms beside it. */
  see: string[];
  /** A paper or a book, or empty. */
  source: string;
}

interface GlossaryWords {
  page: {
    title: string;
    search: string;
    here: string;
    rest: string;
    none: string;
    close: string;
    see: string;
    source: string;
    all: string;
    /** Which keys go into an explanation, and back. */
    keys: string;
    endings: string[];
    plain: string[];
  };
  /** In which a term stands, without endings -> its name. */
  forms: Record<string, string>;
  /** Name -> title and sentences. */
  say: Record<string, [string, string]>;
}

interface GlossaryMessage {
  terms: Record<string, GlossaryTerm>;
  words: Record<string, GlossaryWords>;
}

/** An occurrence in a text, between the letters start and end. */
interface FoundTerm {
  name: string;
  start: number;
  end: number;
}
