// The room that a stage has: it follows the window.

/** CSS pixels. */
const NARROW = 780;
const PHONE = 560;

/** Between the root and what stands above it. */
const GAP = 16;

export class Sizing {
  /**
   * Calls `resized` whenever the root or one of the nodes has another size.
   * @param {HTMLElement} root
   * @param {HTMLElement[]} nodes
   * @param {() => void} resized
   * @param {() => Element | null} [above] finds what stands above the root for good, and takes its room
   */
  constructor(root, nodes, resized, above) {
    this.root = root;
    this.above = above;
    this.width = 0;
    this.observer = new ResizeObserver((entries) => {
      this.fold();
      const { width } = root.getBoundingClientRect();
      // Out of sight, as on a page that people are leaving, nothing can be measured.
      if (width === 0) return;
      // A line more of words beside the pictures makes the root longer, and nothing else.
      if (width === this.width && entries.every(({ target }) => target === root)) return;
      this.width = width;
      resized();
    });
    for (const node of [...nodes, root]) this.observer.observe(node);
    this.fold();
  }

  /** One column where two would leave the picture the lesser part. */
  fold() {
    const { width } = this.root.getBoundingClientRect();
    this.root.classList.toggle("em-narrow", width < NARROW);
    this.root.classList.toggle("em-phone", width < PHONE);
    this.makeRoom();
  }

  /** What stands above the root takes its room from the picture, so that the controls below stay in sight. */
  makeRoom() {
    const strip = this.above?.();
    if (!strip) {
      this.root.style.removeProperty("--em-above");
      return;
    }
    // It may have come later than the stage; observed again, it would report at once, and so without end.
    if (strip !== this.strip) this.observer.observe(strip);
    /** @type {Element | undefined} */
    this.strip = strip;
    const { height } = strip.getBoundingClientRect();
    this.root.style.setProperty("--em-above", `${Math.round(height + GAP)}px`);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  stop() {
    this.observer.disconnect();
  }
}
