// Which lessons were taken to the end, and with which verdict: kept in this browser, for this person alone. Where
// the browser keeps nothing, it is known until the page is left.

const KEY = "gmm-lab course";

export class Progress {
  /** @param {() => Storage} storage reading it throws where it is refused */
  constructor(storage = () => localStorage) {
    this.storage = storage;
    /** By lesson. @type {Record<string, Verdict>} */
    this.done = this.kept();
  }

  /** @returns {Record<string, Verdict>} */
  kept() {
    try {
      const kept = JSON.parse(this.storage().getItem(KEY) ?? "{}");
      const known = Object.entries(kept ?? {}).filter(([, verdict]) => VERDICTS.includes(verdict));
      return Object.fromEntries(known);
    } catch {
      return {};
    }
  }

  /**
   * @param {string} name
   * @param {Verdict} verdict
   */
  take(name, verdict) {
    // Another tab may have gone on in the meantime.
    this.done = { ...this.kept(), ...this.done, [name]: verdict };
    try {
      this.storage().setItem(KEY, JSON.stringify(this.done));
    } catch {
      // It stays known until the page is left.
    }
  }

  forget() {
    this.done = {};
    try {
      this.storage().removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  }
}

/** @type {unknown[]} */
const VERDICTS = ["right", "close", "far"];
