// The terms of the glossary, and where they stand in a text; ui/glossary/finding.py finds the same.

/** Texts whose terms are remembered; the numbers of a run make ever new ones. */
const MOST_REMEMBERED = 4000;

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

export class Terms {
  /** @param {GlossaryMessage} message */
  constructor({ terms, words }) {
    this.terms = terms;
    this.words = words;
    /** Of each language, made when a text in it comes. @type {Map<string, Finder>} */
    this.finders = new Map();
  }

  /**
   * The language to explain in, for what a page calls its own.
   * @param {string | null | undefined} asked such as "de" or "de-AT"
   */
  language(asked) {
    const code = (asked ?? "").toLowerCase().split("-")[0];
    return code in this.words ? code : Object.keys(this.words)[0];
  }

  /**
   * The terms of a text, from left to right.
   * @param {string} text
   * @param {string} language
   * @returns {FoundTerm[]}
   */
  find(text, language) {
    let finder = this.finders.get(language);
    if (!finder) this.finders.set(language, (finder = new Finder(this.words[language])));
    return finder.find(text);
  }

  /**
   * The names of all terms whose title, sentences or forms have these letters, in their order.
   * @param {string} letters
   * @param {string} language
   */
  search(letters, language) {
    const { say, forms } = this.words[language];
    const wanted = letters.trim().toLowerCase();
    /** @type {Record<string, string>} */
    const all = Object.fromEntries(Object.entries(say).map(([name, texts]) => [name, texts.join(" ")]));
    for (const [form, name] of Object.entries(forms)) all[name] += ` ${form}`;
    return Object.keys(this.terms).filter((name) => all[name].toLowerCase().includes(wanted));
  }
}

class Finder {
  /** @param {GlossaryWords} words */
  constructor({ forms, page }) {
    /** @type {Map<string, string>} */
    this.forms = new Map();
    for (const [form, name] of Object.entries(forms))
      for (const ending of page.endings)
        if (!this.forms.has(form + ending)) this.forms.set(form + ending, name);
    // A phrase that only looks like a term has no name.
    for (const phrase of page.plain) this.forms.set(phrase, "");
    const longestFirst = [...this.forms.keys()].sort((a, b) => b.length - a.length);
    const letter = "[\\p{L}\\p{N}_]";
    this.pattern = new RegExp(`(?<!${letter})(?:${longestFirst.map(escaped).join("|")})(?!${letter})`, "giu");
    /** @type {Map<string, FoundTerm[]>} */
    this.remembered = new Map();
  }

  /** @param {string} text */
  find(text) {
    let found = this.remembered.get(text);
    if (!found) {
      if (this.remembered.size > MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(text, (found = this.look(text)));
    }
    return found;
  }

  /**
   * @param {string} text
   * @returns {FoundTerm[]}
   */
  look(text) {
    const found = [];
    for (const match of text.matchAll(this.pattern)) {
      const [word] = match;
      // Of a single letter the large one means something else.
      const name = this.forms.get(word) ?? (word.length > 1 ? this.forms.get(word.toLowerCase()) : undefined);
      if (name) found.push({ name, start: match.index, end: match.index + word.length });
    }
    return found;
  }
}
