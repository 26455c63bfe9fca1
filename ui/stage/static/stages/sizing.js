// The room that a stage has: it follows the window.

/** CSS pixels. */
const NARROW = 780;
const PHONE = 560;

export class Sizing {
  /**
   * Calls `resized` whenever the root or one of the nodes has another size.
   * @param {HTMLElement} root
   * @param {HTMLElement[]} nodes
   * @param {() => void} resized
   */
  constructor(root, nodes, resized) {
    this.root = root;
    this.observer = new ResizeObserver(() => {
      this.fold();
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
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  stop() {
    this.observer.disconnect();
  }
}
