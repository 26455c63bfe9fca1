// The glossary of a page: what explains its terms wherever they stand, and a button to all of them.

import { element } from "../../draw/dom.js";
import { Terms } from "../../words/terms.js";
import { listen } from "./asking.js";
import { Bubble } from "./bubble.js";
import { Occurrences } from "./occurrences.js";
import { TermList } from "./term-list.js";

/** What a page's theme gives, for nodes that stand outside what has it. */
const THEME = [
  "--st-text-color",
  "--st-background-color",
  "--st-secondary-background-color",
  "--st-primary-color",
  "--st-font",
];

export class Glossary {
  /**
   * @param {Document} document
   * @param {GlossaryMessage} message
   * @param {string} language of what says nothing of its own
   */
  constructor(document, message, language) {
    this.document = document;
    this.terms = new Terms(message);
    this.otherwise = this.terms.language(language);
    const open = () => this.openAll();
    this.list = new TermList(this.terms);
    this.bubble = new Bubble(this.terms, open);
    this.button = element("button", {
      type: "button",
      class: "glossary-button",
      "aria-haspopup": "dialog",
      click: open,
    });
    const aside = element(
      "aside",
      { "aria-label": this.terms.words[this.otherwise].page.title },
      this.button,
    );
    this.node = element("div", { class: "glossary" }, aside, this.bubble.node, this.list.node);
    // After the way to the picture, before the page: among the first that a keyboard comes to.
    const first = [...document.body.children].find((node) => !node.matches(".em-skip"));
    document.body.insertBefore(this.node, first ?? null);
    this.occurrences = new Occurrences(document, this.terms, this.otherwise, this.node, () => this.name());
    this.stop = listen(document, this.occurrences, this.bubble, open);
  }

  /** The button is called as the page's language has it. */
  name() {
    const { title } = this.terms.words[this.language].page;
    if (this.button.textContent !== title) this.button.textContent = title;
  }

  /** Of most of the page: what its lesson says, or else its root. */
  get language() {
    const { document } = this;
    const lesson = document.querySelector("[data-language]")?.getAttribute("data-language");
    return this.terms.language(lesson ?? (document.documentElement.lang || this.otherwise));
  }

  openAll() {
    this.bubble.close();
    this.list.open(this.language, new Set(this.occurrences.all().map(({ name }) => name)));
  }

  /**
   * Takes the colours and letters in force around a node.
   * @param {Element} around
   */
  wear(around) {
    const style = getComputedStyle(around);
    for (const name of THEME) {
      const value = style.getPropertyValue(name).trim();
      if (value && this.node.style.getPropertyValue(name) !== value) this.node.style.setProperty(name, value);
    }
  }

  destroy() {
    this.stop();
    this.occurrences.destroy();
    this.node.remove();
  }
}

/** @type {WeakMap<Document, Glossary>} */
const opened = new WeakMap();

/**
 * The glossary of a page, which has one at most.
 * @param {Document} document
 * @param {GlossaryMessage} message what ui/glossary/message.py makes
 * @param {string} language
 */
export function openGlossary(document, message, language = "en") {
  let glossary = opened.get(document);
  if (!glossary) opened.set(document, (glossary = new Glossary(document, message, language)));
  return glossary;
}
