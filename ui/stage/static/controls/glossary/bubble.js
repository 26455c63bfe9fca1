// What explains a term beside it: it never covers what was asked, and stays on the screen.

import { element } from "../../draw/dom.js";
import { entryOf } from "./entry.js";
import { rectsOf } from "./occurrences.js";

/** @typedef {import("../../words/terms.js").Terms} Terms */
/** @typedef {import("./occurrences.js").Place} Place */

/** CSS pixels between a term and its bubble, and between a bubble and the window's edge. */
const APART = 6;
const MARGIN = 8;

/** What Tab comes to, and how many of those that follow stay in sight. */
const REACHED = "a[href], button, input, select, textarea, summary, [tabindex='0']";
const SEEN_NEXT = 4;

let count = 0;

export class Bubble {
  /**
   * @param {Terms} terms
   * @param {() => void} openAll opens the list of all terms
   */
  constructor(terms, openAll) {
    this.terms = terms;
    this.openAll = openAll;
    this.node = element("div", {
      class: "glossary-bubble",
      role: "dialog",
      tabindex: -1,
      popover: "manual",
      hidden: true,
      id: `glossary-bubble-${count++}`,
    });
    // A formula may come later, and make it higher.
    new MutationObserver(() => this.isOpen && this.put()).observe(this.node, {
      childList: true,
      subtree: true,
    });
    /** What it explains. @type {Place | undefined} */
    this.place = undefined;
    /** A node's own explanation, which would lie over this one. @type {{ node: Element, title: string } | undefined} */
    this.own = undefined;
    /** What a keyboard comes to after `around`. @type {Element[]} */
    this.next = [];
    /** Where that was seen last. @type {DOMRect | undefined} */
    this.last = undefined;
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /**
   * Explains the term at a place, beside `around` or else beside its words.
   * @param {Place} place
   * @param {Element} [around]
   */
  show(place, around) {
    if (this.isOpen) this.close();
    this.place = place;
    this.around = around;
    this.next = around ? this.controlsAfter(around) : [];
    this.node.lang = place.language;
    this.takeTitle(place);
    this.explain(place.name);
    this.node.hidden = false;
    this.node.showPopover?.();
    this.put();
  }

  /** @param {Place} place */
  takeTitle({ node }) {
    const titled = (node instanceof Text ? node.parentElement : node)?.closest("[title]");
    this.own = titled ? { node: titled, title: titled.getAttribute("title") ?? "" } : undefined;
    titled?.removeAttribute("title");
  }

  /** @param {string} name */
  explain(name) {
    const { place, terms, own } = this;
    if (!place) return;
    const { language, names } = place;
    const { page, say } = terms.words[language];
    // A pointer comes to each of them by itself.
    const others = (this.around ? names : []).filter(
      (other) => other !== name && !terms.terms[name].see.includes(other),
    );
    /** @type {(other: string) => void} */
    const press = (other) => {
      this.explain(other);
      this.put();
      this.node.focus({ preventScroll: true });
    };
    const all = element(
      "button",
      { type: "button", class: "glossary-all", click: () => this.openAll() },
      page.all,
    );
    this.node.setAttribute("aria-label", `${page.title}: ${say[name][0]}`);
    this.node.dataset.term = name;
    const [head, ...rest] = entryOf(terms, name, language, press, others);
    const here = own ? [element("p", { class: "glossary-here" }, own.title)] : [];
    const keys = this.around ? [element("p", { class: "glossary-keys" }, page.keys)] : [];
    this.node.replaceChildren(head, ...here, ...rest, all, ...keys);
  }

  /**
   * What a keyboard comes to next: it must be seen.
   * @param {Element} around
   */
  controlsAfter(around) {
    const follows = (/** @type {Element} */ node) =>
      around.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && !node.querySelector(REACHED);
    return [...around.ownerDocument.querySelectorAll(REACHED)]
      .filter((node) => follows(node) && node.getClientRects().length && !node.closest(".glossary"))
      .slice(0, SEEN_NEXT);
  }

  /** Where no control that comes next is covered; else beneath, or above where there is more room. */
  put() {
    const { node } = this;
    const asked = this.anchor() ?? this.last;
    if (!asked) return;
    this.last = asked;
    const { clientWidth, clientHeight } = node.ownerDocument.documentElement;
    const below = clientHeight - asked.bottom - APART - MARGIN;
    const above = asked.top - APART - MARGIN;
    node.style.maxHeight = "none";
    const height = node.offsetHeight;
    const isBelow = below >= height || below >= above;
    node.style.maxHeight = `${Math.max(isBelow ? below : above, 60)}px`;
    const left = Math.min(asked.left, clientWidth - node.offsetWidth - MARGIN);
    const top = isBelow ? asked.bottom + APART : asked.top - APART - node.offsetHeight;
    const free = this.around && this.freePlace(asked, Math.max(MARGIN, left), height);
    node.style.left = `${free?.left ?? Math.max(MARGIN, left)}px`;
    node.style.top = `${free?.top ?? top}px`;
    if (free) node.style.maxHeight = "none";
  }

  /**
   * Above, to the right, to the left or beneath: where there is room, and fewest of what comes next are covered.
   * @param {DOMRect} asked
   * @param {number} along where it would begin above or beneath
   * @param {number} height
   */
  freePlace(asked, along, height) {
    const { clientWidth, clientHeight } = this.node.ownerDocument.documentElement;
    const width = this.node.offsetWidth;
    const beside = Math.max(MARGIN, Math.min(asked.top, clientHeight - height - MARGIN));
    const places = [
      { left: along, top: asked.top - APART - height },
      { left: asked.right + APART, top: beside },
      { left: asked.left - APART - width, top: beside },
      { left: along, top: asked.bottom + APART },
    ];
    const next = this.next.map((control) => control.getBoundingClientRect());
    const isSeen = (/** @type {{ left: number, top: number }} */ { left, top }) =>
      Math.min(left, top) >= MARGIN &&
      left + width <= clientWidth - MARGIN &&
      top + height <= clientHeight - MARGIN;
    const covered = (/** @type {{ left: number, top: number }} */ { left, top }) =>
      next.filter(
        (box) => box.right > left && box.left < left + width && box.bottom > top && box.top < top + height,
      ).length;
    return places.filter(isSeen).sort((one, other) => covered(one) - covered(other))[0];
  }

  /** Where on the window the asked words are; undefined where they have gone. @returns {DOMRect | undefined} */
  anchor() {
    if (this.around) return this.around.isConnected ? this.around.getBoundingClientRect() : undefined;
    const rects = this.place?.node.isConnected ? rectsOf(this.place) : [];
    return rects[0];
  }

  close() {
    const { node, own } = this;
    if (node.hidden) return;
    node.hidePopover?.();
    node.hidden = true;
    if (own && !own.node.hasAttribute("title")) own.node.setAttribute("title", own.title);
    this.own = this.place = this.around = this.last = undefined;
  }
}
