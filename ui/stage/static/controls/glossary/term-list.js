// All terms in one list, those of this page first: the sure way by keyboard, by ear, and by thumb.

import { element } from "../../draw/dom.js";
import { entryOf } from "./entry.js";

/** @typedef {import("../../words/terms.js").Terms} Terms */

export class TermList {
  /** @param {Terms} terms */
  constructor(terms) {
    this.terms = terms;
    this.title = element("h2");
    this.closer = element(
      "button",
      { type: "button", class: "glossary-close", click: () => this.close() },
      "×",
    );
    this.field = element("input", { type: "search", input: () => this.filter() });
    this.body = element("div", { class: "glossary-entries", tabindex: -1 });
    this.node = element(
      "dialog",
      {
        class: "glossary-list",
        role: "dialog",
        click: (event) => event.target === this.node && this.close(),
      },
      element("div", { class: "glossary-top" }, this.title, this.closer, this.field),
      this.body,
    );
    /** By the name of the term. @type {Map<string, HTMLElement>} */
    this.entries = new Map();
    this.none = element("p", { role: "status" });
  }

  /**
   * @param {string} language
   * @param {Set<string>} here the terms of this page
   */
  open(language, here) {
    const { terms, node } = this;
    const { page } = terms.words[language];
    this.language = language;
    node.lang = language;
    node.setAttribute("aria-label", page.title);
    this.title.textContent = page.title;
    this.closer.setAttribute("aria-label", page.close);
    this.field.value = "";
    this.field.placeholder = page.search;
    this.field.setAttribute("aria-label", page.search);
    const names = Object.keys(terms.terms);
    this.entries = new Map(names.map((name) => [name, this.entry(name)]));
    this.parts = [
      this.part(
        page.here,
        names.filter((name) => here.has(name)),
      ),
      this.part(
        page.rest,
        names.filter((name) => !here.has(name)),
      ),
    ];
    this.none.textContent = "";
    this.body.replaceChildren(...this.parts, this.none);
    node.showModal();
    this.body.scrollTop = 0;
    // On a phone the keys would cover half of the list.
    (matchMedia("(pointer: coarse)").matches ? this.closer : this.field).focus();
  }

  close() {
    this.node.close();
  }

  /** @param {string} name */
  entry(name) {
    const section = element("section", { "data-term": name, tabindex: -1 });
    section.append(...entryOf(this.terms, name, this.language ?? "", (other) => this.go(other)));
    return section;
  }

  /**
   * @param {string} title
   * @param {string[]} names
   */
  part(title, names) {
    const entries = names.flatMap((name) => this.entries.get(name) ?? []);
    return element("div", { hidden: !names.length }, element("h3", {}, title), ...entries);
  }

  /**
   * To a term, whatever was searched for.
   * @param {string} name
   */
  go(name) {
    this.field.value = "";
    this.filter();
    const entry = this.entries.get(name);
    entry?.scrollIntoView({ block: "start" });
    entry?.focus({ preventScroll: true });
  }

  filter() {
    const language = this.language ?? "";
    const found = new Set(this.terms.search(this.field.value, language));
    for (const [name, entry] of this.entries) entry.hidden = !found.has(name);
    for (const part of this.parts ?? []) part.hidden = !part.querySelector("section:not([hidden])");
    this.none.textContent = found.size ? "" : this.terms.words[language].page.none;
    this.body.scrollTop = 0;
  }
}
