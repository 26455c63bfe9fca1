// What goes to the host: events, kept until Python has seen them, and the address of the picture.

/** Milliseconds of rest before the address is written; browsers refuse to write it at every frame. */
const REST = 250;

export class Outbox {
  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    /** @type {Event[]} */
    this.waiting = [];
    this.number = 0;
    /** @type {Record<string, string>} */
    this.parameters = {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * Sends an event, and with it every earlier one whose arrival is not yet known; returns its number.
   * @param {Record<string, any>} event
   */
  send(event) {
    // Numbers grow with the clock, so that a stage mounted anew is not taken for an old one.
    this.number = Math.max(Date.now(), this.number + 1);
    this.waiting.push({ number: this.number, ...event });
    this.host.send?.(this.waiting);
    return this.number;
  }

  /**
   * As `send`, in the place of what still waits and has the same values under those names.
   * @param {Record<string, any>} event
   * @param {string[]} names
   */
  sendAnew(event, names) {
    this.waiting = this.waiting.filter((old) => names.some((name) => old[name] !== event[name]));
    return this.send(event);
  }

  /**
   * Forgets the events up to `number`, which Python has seen, and sends what is left again.
   * @param {number} number
   */
  acknowledge(number) {
    this.number = Math.max(this.number, number);
    this.waiting = this.waiting.filter((event) => event.number > number);
    // Streamlit may pass on an older of two triggers: what Python has not seen is sent again.
    if (this.waiting.length) this.host.send?.(this.waiting);
  }

  /**
   * Has the address written, after a rest.
   * @param {Record<string, string>} parameters
   */
  remember(parameters) {
    this.parameters = parameters;
    this.timer ??= setTimeout(() => this.flush(), REST);
  }

  /** Writes the address now, if it is still to be written. */
  flush() {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.host.remember(this.parameters);
  }

  close() {
    clearTimeout(this.timer);
  }
}

/** @typedef {{ number: number, [name: string]: any }} Event */
