// How a term is asked for: by a pointer that rests on it, by a tap, by the focus, and by keys.

/** @typedef {import("./bubble.js").Bubble} Bubble */
/** @typedef {import("./occurrences.js").Occurrences} Occurrences */

/** Milliseconds that a pointer rests on a term before it is explained, and may be elsewhere before that ends. */
const REST = 400;
const PATIENCE = 300;

/** A tap on one of these does its own work. */
const CONTROLS = [
  "a, button, input, select, textarea, summary, option, canvas, video, [contenteditable='true'], .legend",
  ..."button tab radio checkbox switch slider option menuitem combobox link textbox"
    .split(" ")
    .map((role) => `[role='${role}']`),
].join(",");

const TYPED =
  "textarea, select, [contenteditable='true'], input:not([type='range'], [type='checkbox'], [type='radio'])";

/**
 * Listens on a page until it is told to stop.
 * @param {Document} document
 * @param {Occurrences} occurrences
 * @param {Bubble} bubble
 * @param {() => void} openAll
 */
export function listen(document, occurrences, bubble, openAll) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving;
  let [x, y, moved] = [0, 0, 0];
  /** Whether it came by a pointer that rested, and goes when that leaves. */
  let isHovered = false;
  /** Whether the last key was Tab: what the page itself puts the focus on is not asked about. */
  let isWalking = false;
  /** @type {Element | undefined} */
  let answered;

  const stay = () => {
    clearTimeout(leaving);
    leaving = undefined;
  };
  const close = () => {
    stay();
    bubble.close();
  };

  const rest = () => {
    const left = REST - (performance.now() - moved);
    resting = left > 1 ? setTimeout(rest, left) : undefined;
    if (resting !== undefined || (bubble.isOpen && !isHovered)) return;
    const place = occurrences.at(x, y);
    if (!place || (bubble.place?.node === place.node && bubble.place.start === place.start)) return;
    stay();
    bubble.show(place);
    isHovered = true;
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    if (event.pointerType === "touch") return;
    [x, y, moved] = [event.clientX, event.clientY, performance.now()];
    if (event.buttons) return;
    resting ??= setTimeout(rest, REST);
    if (!bubble.isOpen || !isHovered) return;
    if (bubble.node.contains(/** @type {Node} */ (event.target)) || isBetween(bubble, x, y)) stay();
    else leaving ??= setTimeout(close, PATIENCE);
  };

  /** @param {PointerEvent} event */
  const press = ({ target }) => {
    clearTimeout(resting);
    resting = undefined;
    isWalking = false;
    if (bubble.isOpen && !bubble.node.contains(/** @type {Node} */ (target))) close();
  };

  /** @param {MouseEvent} event */
  const tap = (event) => {
    const { target, clientX, clientY } = event;
    if (event.defaultPrevented || event.button || !event.detail || !(target instanceof Element)) return;
    if (isControl(target) || !document.getSelection()?.isCollapsed) return;
    const place = occurrences.at(clientX, clientY);
    if (!place) return;
    bubble.show(place);
    isHovered = false;
  };

  /** @param {FocusEvent} event */
  const focus = ({ target }) => {
    if (!(target instanceof Element) || bubble.node.contains(target)) return;
    const isAsked =
      isWalking &&
      target !== answered &&
      target.hasAttribute("data-glossary") &&
      target.matches(":focus-visible");
    if (isAsked) show(target);
    else if (bubble.isOpen && !isHovered && bubble.around) close();
  };

  /** @param {Element} node */
  const show = (node) => {
    const { names, language } = occurrences.named(nameOf(node), node);
    if (!names.length) return false;
    stay();
    const place = {
      name: names[0],
      names,
      node,
      start: 0,
      end: 0,
      language,
    };
    bubble.show(place, node);
    isHovered = false;
    return true;
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    isWalking = event.key === "Tab";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement ?? document.body;
    if (!(isWalking ? turn(event.shiftKey, at) : answer(event.key, at))) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /**
   * Tab goes round inside of what explains, until Escape leaves it.
   * @param {boolean} isBack
   * @param {Element} at
   */
  const turn = (isBack, at) => {
    if (!bubble.isOpen || !bubble.node.contains(at)) return false;
    const buttons = [...bubble.node.querySelectorAll("button")];
    const now = buttons.findIndex((button) => button === at);
    const next = isBack ? (now < 1 ? buttons.length - 1 : now - 1) : (now + 1) % buttons.length;
    buttons[next].focus();
    return true;
  };

  /**
   * @param {string} pressed
   * @param {Element} at
   */
  const answer = (pressed, at) => {
    if (pressed === "Escape" && bubble.isOpen) {
      const { around } = bubble;
      const isInside = bubble.node.contains(at);
      close();
      // It has been explained, and is not again.
      answered = around;
      if (isInside) /** @type {HTMLElement | undefined} */ (around)?.focus({ preventScroll: true });
      answered = undefined;
      return true;
    }
    // A control keeps all of its keys but the one that has asked.
    const into = at.hasAttribute("data-glossary") ? ["Enter", "ArrowDown", "F1", "?"] : ["F1", "?"];
    if (bubble.isOpen && at === bubble.around && into.includes(pressed)) {
      bubble.node.focus();
      return true;
    }
    if (at.closest(".glossary-list")) return false;
    if (pressed === "F1") return show(at) || (openAll(), true);
    return pressed === "?" && at !== document.body && !at.matches(TYPED) && show(at);
  };

  const scroll = (/** @type {Event} */ { target }) => {
    if (bubble.isOpen && !bubble.node.contains(/** @type {Node} */ (target))) bubble.put();
  };

  /** @type {[Document | Window, string, any, boolean | undefined][]} */
  const listeners = [
    [document, "pointermove", move, undefined],
    [document, "pointerdown", press, true],
    [document, "click", tap, undefined],
    [document, "focusin", focus, undefined],
    [window, "keydown", key, true],
    [document, "scroll", scroll, true],
    [window, "resize", close, undefined],
  ];
  for (const [where, what, heard, capture] of listeners) where.addEventListener(what, heard, capture);
  return () => {
    clearTimeout(resting);
    close();
    for (const [where, what, heard, capture] of listeners) where.removeEventListener(what, heard, capture);
  };
}

/** @param {Element} node */
const isControl = (node) => {
  const label = node.closest("label");
  return (
    Boolean(node.closest(CONTROLS)) || Boolean(label?.control) || getComputedStyle(node).cursor === "pointer"
  );
};

/**
 * Whether a pointer is on the asked words, or on the way from them to the bubble.
 * @param {Bubble} bubble
 * @param {number} x
 * @param {number} y
 */
function isBetween(bubble, x, y) {
  const asked = bubble.anchor() ?? bubble.last;
  if (!asked) return false;
  const box = bubble.node.getBoundingClientRect();
  const [top, bottom] = [Math.min(asked.top, box.top), Math.max(asked.bottom, box.bottom)];
  const [left, right] = [Math.min(asked.left, box.left), Math.max(asked.right, box.right)];
  const near = y >= asked.top - 2 && y <= asked.bottom + 2;
  return (
    y >= top && y <= bottom && (near ? x >= asked.left - 2 && x <= asked.right + 2 : x >= left && x <= right)
  );
}

/**
 * What a control or a heading is called, with the group that it belongs to.
 * @param {Element} node
 */
function nameOf(node) {
  const ids = (node.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const labels = ids.map((id) => node.ownerDocument.getElementById(id)?.textContent ?? "");
  for (const label of /** @type {HTMLInputElement} */ (node).labels ?? [])
    labels.push(label.textContent ?? "");
  const own =
    node.getAttribute("aria-label") ?? (node.matches("input, select, textarea") ? "" : node.textContent);
  const group = node.parentElement?.closest("[role='radiogroup'], [role='group'], fieldset");
  return [own, ...labels, group?.getAttribute("aria-label")].filter(Boolean).join(" · ");
}
