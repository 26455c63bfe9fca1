// What just happened, in words, for eyes and for ears; why a run ended, and what can be done about it.

import { element } from "../draw/dom.js";
import { Pace } from "./pace.js";

/** Who only listens would hear every half-step cut off by the next at a high speed: milliseconds between two. */
const BETWEEN_TWO = 1000;

export class Announcement {
  /** @param {(cure: string) => void} cure is called with the name of the one that was chosen */
  constructor(cure) {
    this.cure = cure;
    this.title = element("strong");
    this.sentence = element("span");
    this.reason = element("p");
    this.cures = element("div", { class: "em-cures", role: "group", "aria-label": "What can be done" });
    this.stopped = element("div", { class: "em-stopped" }, this.reason, this.cures);
    this.words = element("p", { class: "em-words" }, this.title, " ", this.sentence);
    this.spoken = element("p", { class: "em-unseen", "aria-live": "polite" });
    this.speaking = new Pace(BETWEEN_TWO);
  }

  /**
   * @param {Phase} phase
   * @param {[title: string, sentence: string, stopped: string]} words
   * @param {string} reason to stop, by name
   */
  say(phase, [title, sentence, stopped], reason) {
    this.title.textContent = title;
    this.title.dataset.phase = phase;
    this.sentence.textContent = sentence;
    this.reason.textContent = stopped;
    this.stopped.hidden = !stopped;
    this.stopped.dataset.reason = reason;
    this.speaking.ask(() => (this.spoken.textContent = `${title}: ${sentence} ${stopped}`));
  }

  /**
   * Ways out of how the run ended, one click each.
   * @param {[name: string, title: string, ...unknown[]][]} cures
   */
  offer(cures) {
    this.cures.replaceChildren(
      ...cures.map(([name, title]) =>
        element("button", { type: "button", "data-cure": name, click: () => this.cure(name) }, title),
      ),
    );
  }

  stop() {
    this.speaking.stop();
  }
}
