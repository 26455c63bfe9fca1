// Where terms stand on a page. Nothing is put around them, since the page's text may be somebody else's: they are
// found by their place in a text node, and underlined by the browser's own highlights where it has them.

/** @typedef {import("../../words/terms.js").Terms} Terms */

/**
 * Somewhere on the page: between two letters of a text, or all of something that is named so.
 * @typedef {{ name: string, names: string[], node: Text | Element, start: number, end: number, language: string }} Place
 */

/** Milliseconds without a change before the page is looked through. */
const CALM = 250;

/** Whose text is no text of the page, or is what people type. */
const PASSED_TAGS = new Set(
  "SCRIPT STYLE NOSCRIPT TEMPLATE INPUT TEXTAREA SELECT OPTION PRE CODE CANVAS NAV IFRAME svg math".split(
    " ",
  ),
);
const PASSED = [
  ...[...PASSED_TAGS].filter((tag) => tag !== "svg").map((tag) => tag.toLowerCase()),
  ".glossary, .katex, .em-formula, .em-unseen, .em-skip, [data-testid='stIconMaterial'], [contenteditable='true']",
].join(",");

/** What Plotly writes beside its axes, and what stands in its legends. */
const DRAWN = "svg .infolayer text, .em-fit-figure text";

/** What a keyboard walks to, if it holds a term. */
const HELD =
  "h1, h2, h3, h4, h5, h6, th, caption, legend, .em-card > header > strong, .infolayer [class$='title']";

/** No underline here: it would make a link of a button, and choices are pressed. */
const UNMARKED =
  "button, a, [role='button'], [role='option'], [role='tab'], label:has(input[type='radio'], input[type='checkbox'])";

/** In each of these a term is underlined at its first place alone: more would make a screen restless. */
const BLOCK = [
  ".em-card, .em-lesson-panel, .em-half, .em-main, .em-stage, details, dialog, body",
  "[data-testid='stSidebarUserContent'], [data-testid='stMainBlockContainer']",
].join(",");

/** A change of these is no change of what is underlined, or would be one of all the page. */
const UNSEEN = "svg, .katex, .em-formula, .em-unseen, td:not(:first-child)";
const LARGE = "body, [data-testid]";

const HIGHLIGHT = "glossary";

export class Occurrences {
  /**
   * @param {Document} document
   * @param {Terms} terms
   * @param {string} language of what says nothing of its own
   * @param {Element} own whatever of the page is the glossary's
   * @param {() => void} looked hears that the page was looked through
   */
  constructor(document, terms, language, own, looked) {
    this.looked = looked;
    this.document = document;
    this.terms = terms;
    this.otherwise = language;
    this.own = own;
    /** What a keyboard walks to because of a term. @type {Set<Element>} */
    this.held = new Set();
    /** Sentences that describe what is held, by themselves. @type {Map<string, HTMLElement>} */
    this.described = new Map();
    /** What is underlined, by its block. @type {Map<Element, StaticRange[]>} */
    this.underlined = new Map();
    this.observer = new MutationObserver((records) => this.changed(records));
    this.observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    this.look();
  }

  destroy() {
    this.observer.disconnect();
    clearTimeout(this.timer);
    /** @type {any} */ (CSS).highlights?.delete(HIGHLIGHT);
    for (const node of this.held) release(node);
  }

  /** @param {MutationRecord[]} records */
  changed(records) {
    this.last = performance.now();
    this.renew(records);
    // While a run plays the page changes all the time: it is looked through when it is calm again.
    if (this.timer !== undefined || records.every(({ target }) => this.own.contains(target))) return;
    const wait = () => {
      const left = CALM - (performance.now() - (this.last ?? 0));
      this.timer = left > 0 ? setTimeout(wait, left) : undefined;
      if (this.timer === undefined) whenIdle(() => this.look());
    };
    this.timer = setTimeout(wait, CALM);
  }

  /**
   * Underlines what has just been written anew, before it is seen without.
   * @param {MutationRecord[]} records
   */
  renew(records) {
    /** @type {Set<Element>} */
    const blocks = new Set();
    for (const { target } of records) {
      const at = target instanceof Element ? target : target.parentElement;
      if (at?.isConnected && !at.closest(UNSEEN) && !this.own.contains(at))
        blocks.add(at.closest(BLOCK) ?? at);
    }
    for (const block of blocks)
      // All of the page waits until it is calm.
      if (!block.matches(LARGE)) this.underlineBlock(block, this.under(block));
  }

  /** Looks through the page: underlines what is found, and lets a keyboard walk to headings that hold a term. */
  look() {
    const places = this.all();
    this.underline(places);
    this.hold(places);
    this.looked();
  }

  /** Every term on the page, in its order. @returns {Place[]} */
  all() {
    const { document } = this;
    const places = this.under(document.body);
    for (const node of document.querySelectorAll(DRAWN))
      for (const text of textsIn(node)) places.push(...this.placesIn(text));
    return places;
  }

  /**
   * Every term in what is no drawing.
   * @param {Element} root
   */
  under(root) {
    const { document, own } = this;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      return node === own || isPassed(/** @type {Element} */ (node))
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP;
    });
    /** @type {Place[]} */
    const places = [];
    while (walker.nextNode()) places.push(...this.placesIn(/** @type {Text} */ (walker.currentNode)));
    return places;
  }

  /**
   * @param {Text} node
   * @returns {Place[]}
   */
  placesIn(node) {
    const text = node.data;
    if (!text.trim()) return [];
    const language = this.languageOf(node);
    const found = this.terms.find(text, language);
    const names = [...new Set(found.map(({ name }) => name))];
    return found.map(({ name, start, end }) => ({ name, names, node, start, end, language }));
  }

  /** @param {Node} node */
  languageOf(node) {
    const asked = node.parentElement?.closest("[data-language], [lang]");
    const code = asked?.getAttribute("data-language") ?? asked?.getAttribute("lang");
    return this.terms.language(code ?? this.otherwise);
  }

  /**
   * The term at a place of the window.
   * @param {number} x
   * @param {number} y
   * @returns {Place | undefined}
   */
  at(x, y) {
    const pointed = this.document.elementFromPoint(x, y);
    if (!pointed || this.own.contains(pointed)) return undefined;
    // What Plotly writes takes no part in pointing.
    const drawn = pointed.closest(".js-plotly-plot, .em-fit-figure")?.querySelectorAll(DRAWN) ?? [];
    for (const node of drawn)
      if (isIn(node.getBoundingClientRect(), x, y)) return this.among(textsIn(node), x, y);
    if (pointed.closest(PASSED)) return undefined;
    return this.among(
      [...pointed.childNodes].filter((node) => node instanceof Text),
      x,
      y,
    );
  }

  /**
   * @param {Text[]} texts
   * @param {number} x
   * @param {number} y
   */
  among(texts, x, y) {
    for (const node of texts)
      for (const place of this.placesIn(node))
        if (rectsOf(place).some((rect) => isIn(rect, x, y))) return place;
    return undefined;
  }

  /**
   * The terms of a text that is not on the page as such, as a control's name.
   * @param {string} text
   * @param {Element} node where it belongs
   */
  named(text, node) {
    const language = this.languageOf(node);
    return { language, names: [...new Set(this.terms.find(text, language).map(({ name }) => name))] };
  }

  /** @param {Place[]} places */
  underline(places) {
    const { highlights } = /** @type {any} */ (CSS);
    if (!highlights) return;
    this.marks = new /** @type {any} */ (window).Highlight();
    this.underlined.clear();
    /** @type {Map<Element, Place[]>} */
    const blocks = new Map();
    for (const place of places) {
      const block = place.node.parentElement?.closest(BLOCK);
      if (block) blocks.set(block, [...(blocks.get(block) ?? []), place]);
    }
    for (const [block, held] of blocks) this.underlineBlock(block, held);
    highlights.set(HIGHLIGHT, this.marks);
  }

  /**
   * Each term of a block once.
   * @param {Element} block
   * @param {Place[]} places
   */
  underlineBlock(block, places) {
    if (!this.marks) return;
    for (const range of this.underlined.get(block) ?? []) this.marks.delete(range);
    const done = new Set();
    const ranges = [];
    for (const { node, name, start, end } of places) {
      const parent = node.parentElement;
      if (!(node instanceof Text) || !parent || done.has(name)) continue;
      if (parent.closest(UNMARKED) || parent.closest(BLOCK) !== block) continue;
      done.add(name);
      const range = { startContainer: node, startOffset: start, endContainer: node, endOffset: end };
      ranges.push(new StaticRange(range));
    }
    for (const range of ranges) this.marks.add(range);
    this.underlined.set(block, ranges);
  }

  /** @param {Place[]} places */
  hold(places) {
    /** @type {Map<Element, Place>} */
    const holders = new Map();
    for (const place of places) {
      const { node } = place;
      const holder = (node instanceof Text ? node.parentElement : node)?.closest(HELD);
      if (holder && !holders.has(holder) && !holder.closest("[aria-hidden='true']"))
        holders.set(holder, place);
    }
    for (const node of this.held) if (!holders.has(node)) release(node);
    for (const [node, place] of holders) this.give(node, place);
    this.held = new Set(holders.keys());
  }

  /**
   * Lets a keyboard walk to a node, and says there what its first term is.
   * @param {Element} node
   * @param {Place} place
   */
  give(node, { name, language }) {
    const [title, sentences] = this.terms.words[language].say[name];
    const more = node.getAttribute("title") ?? "";
    const id = this.descriptionOf(`${more} ${title}: ${sentences}`.trim());
    if (node.getAttribute("data-glossary") === id) return;
    const own = node.getAttribute("tabindex");
    if (!node.hasAttribute("data-glossary")) {
      // What only the page itself puts the focus on, a keyboard may walk to as well.
      if ((own !== null && own !== "-1") || node.hasAttribute("aria-describedby")) return;
      if (own !== null) node.setAttribute("data-glossary-tabindex", own);
    }
    for (const [key, value] of [
      ["data-glossary", id],
      ["tabindex", "0"],
      ["aria-describedby", id],
    ])
      node.setAttribute(key, value);
  }

  /** @param {string} text */
  descriptionOf(text) {
    let node = this.described.get(text);
    if (!node) {
      node = this.document.createElement("p");
      node.id = `glossary-${this.described.size}`;
      node.hidden = true;
      node.textContent = text;
      this.described.set(text, node);
      this.own.append(node);
    }
    return node.id;
  }
}

/**
 * Where the browser has time for it; not every one says when.
 * @param {() => void} act
 */
const whenIdle = (act) =>
  typeof requestIdleCallback === "function" ? requestIdleCallback(act, { timeout: 1000 }) : act();

/**
 * The texts of a drawing, whose lines may be elements of their own.
 * @param {Node} node
 * @returns {Text[]}
 */
const textsIn = (node) => (node instanceof Text ? [node] : [...node.childNodes].flatMap(textsIn));

/** @param {Element} node */
function release(node) {
  const own = node.getAttribute("data-glossary-tabindex");
  for (const key of ["data-glossary", "data-glossary-tabindex", "tabindex", "aria-describedby"])
    node.removeAttribute(key);
  if (own !== null) node.setAttribute("tabindex", own);
}

/** @param {Element} node */
const isPassed = (node) =>
  PASSED_TAGS.has(node.tagName) ||
  // Cells hold numbers; the first may name its row.
  (node.tagName === "TD" && /** @type {HTMLTableCellElement} */ (node).cellIndex > 0) ||
  (node.className !== "" && node.matches(".katex, .em-formula, .em-unseen, .em-skip")) ||
  (node.tagName === "SPAN" && node.getAttribute("data-testid") === "stIconMaterial");

/**
 * @param {Place} place
 * @returns {DOMRect[]}
 */
export function rectsOf({ node, start, end }) {
  if (!(node instanceof Text)) return [node.getBoundingClientRect()];
  // It may have been written anew since.
  if (end > node.data.length) return [];
  const range = node.ownerDocument.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return [...range.getClientRects()];
}

/**
 * @param {DOMRect} rect
 * @param {number} x
 * @param {number} y
 */
export const isIn = ({ left, right, top, bottom }, x, y, more = 1) =>
  x >= left - more && x <= right + more && y >= top - more && y <= bottom + more;
