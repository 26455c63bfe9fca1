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
   * @param {Element} [around] what the root stands in, where more may stand above it
   */
  constructor(root, nodes, resized, around) {
    this.root = root;
    this.around = around;
    this.observer = new ResizeObserver(() => {
      this.fold();
      resized();
    });
    for (const node of [...nodes, root, ...(around ? [around] : [])]) this.observer.observe(node);
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
    if (!this.around) return;
    const padding = parseFloat(getComputedStyle(this.around).paddingTop);
    const above = this.root.getBoundingClientRect().top - this.around.getBoundingClientRect().top - padding;
    this.root.style.setProperty("--em-above", `${Math.max(0, Math.round(above))}px`);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  stop() {
    this.observer.disconnect();
  }
}
