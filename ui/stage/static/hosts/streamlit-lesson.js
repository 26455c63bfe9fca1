// Lessons in Streamlit: messages go in, and the name of another lesson, or the wish to see the lab, goes out.

import { Seat } from "../model/seat.js";
import { Outbox } from "../protocol/outbox.js";
import { LessonPlayer } from "../stages/lesson.js";
import { addressOf, keepLine, remember } from "./line.js";
import { loadPlotly, loadStyle } from "./loading.js";
import { inOrder } from "./queue.js";
import { keepKeys, takeLink } from "./teacher-keys.js";

/**
 * What Streamlit has mounted: its element, the way to Python, and the player once Plotly is there.
 * @typedef {{ send: (events: object[]) => void, queue: Promise<unknown>, ready: Promise<unknown>, gone?: boolean,
 *   player?: LessonPlayer }} Entry
 * @typedef {{ acknowledged: number, answers: import("../model/seat.js").Answers, generation: number, listens: boolean,
 *   lesson: string, session: string, keys: Record<string, { code: string, secret: string }>,
 *   gone: string[] }} ClassNews see hear
 */

/** @type {WeakMap<HTMLElement, Entry>} */
const players = new WeakMap();

/** How far people are in each lesson, also after they have been on another page. @type {Record<string, Attempt>} */
const attempts = {};

/** In which they read it. */
let language = "";

/** In the class that the page was opened for. @type {Seat | undefined} */
let seat;

/** That class in the address. @type {Record<string, string>} */
let inClass = {};

/** What Python has not taken yet: Streamlit passes on only the newest of two answers. */
const outbox = new Outbox({ send: (events) => current?.send(events), remember });

/** What Python says of the class, and of what it has taken. @type {ClassNews | undefined} */
let news;

/** The lesson that is on the page. @type {Entry | undefined} */
let current;

/** The parameters of a class in the address, which belong to one lesson. */
const IN_CLASS = ["room", "stop"];

/**
 * What the link says of a class.
 * @param {URLSearchParams} asked
 * @returns {Classroom | undefined}
 */
export function classroomOf(asked) {
  const collects = asked.has("room");
  const stops = collects || asked.get("stop") === "reveal";
  return stops || collects ? { lesson: asked.get("lesson") ?? "", stops, collects } : undefined;
}

/**
 * Takes the seat that the link has, if it has one; another link loads another page.
 * @param {URLSearchParams} asked
 */
function sitDown(asked) {
  const classroom = classroomOf(asked);
  if (seat || !classroom) return;
  seat = new Seat(classroom, tell);
  const there = IN_CLASS.filter((key) => asked.has(key));
  inClass = Object.fromEntries(there.map((key) => [key, asked.get(key) ?? ""]));
}

/**
 * A lesson's address, in the class that it is taken in.
 * @param {Record<string, string>} parameters
 */
function withClass(parameters) {
  return parameters.lesson === seat?.lesson ? { ...parameters, ...inClass } : parameters;
}

/**
 * Tells Python, until it has heard: of two such events the newer one.
 * @param {Record<string, unknown>} event
 */
function tell(event) {
  return outbox.sendAnew(event, ["type", "lesson", "round"]);
}

/** Streamlit hears of it as well, but where something else was done at the same time it forgets that again. */
function follow() {
  current?.player?.follow(new URLSearchParams(location.search).get("lesson") ?? "");
}

/** @param {Record<string, string>} parameters */
async function copy(parameters) {
  remember(parameters);
  try {
    await navigator.clipboard.writeText(addressOf(parameters));
    return true;
  } catch {
    return false;
  }
}

/**
 * Mounts, or brings up to date, the lesson inside `parent`.
 * @param {{ parent: HTMLElement, data: Uint8Array, plotlyUrl: string, styleUrls: string[],
 *   send: (events: object[]) => void }} component
 */
export async function render({ parent, data, plotlyUrl, styleUrls, send }) {
  const entry = players.get(parent) ?? mount(parent, plotlyUrl, styleUrls, send);
  entry.send = send;
  keepLine({
    file: () => "",
    flush: () => entry.player?.stage?.outbox.flush(),
    ask: () => entry.send(outbox.waiting),
  });
  return inOrder(entry, () => entry.player?.receive(data));
}

/**
 * @param {HTMLElement} parent
 * @param {string} plotlyUrl
 * @param {string[]} styleUrls
 * @param {(events: object[]) => void} send
 */
function mount(parent, plotlyUrl, styleUrls, send) {
  const root = /** @type {HTMLElement} */ (parent.querySelector("[data-testid='lesson']"));
  /** @type {Entry} */
  const entry = { send, queue: Promise.resolve(), ready: Promise.resolve() };
  players.set(parent, entry);
  takeLink();
  const asked = new URLSearchParams(location.search);
  const at = Number(asked.get("at") ?? NaN);
  sitDown(asked);
  current = entry;
  window.addEventListener("popstate", follow);
  entry.ready = Promise.all([loadPlotly(plotlyUrl), ...styleUrls.map(loadStyle)]).then(([Plotly]) => {
    if (entry.gone) return;
    entry.player = new LessonPlayer(root, Plotly, {
      open(name, lang) {
        // An entry of its own in the history: Back leads to the lesson before.
        history.pushState(history.state, "", addressOf(withClass({ lesson: name, lang })));
        tell({ type: "lesson", name });
      },
      ask: (name) => tell({ type: "lesson", name }),
      lab: () => tell({ type: "lab" }),
      remember(parameters) {
        remember(withClass(parameters));
        if (news?.listens) tell({ type: "seen", parameters });
      },
      copy: (parameters) => copy(withClass(parameters)),
      tell: (event) => {
        if (seat?.collects || news?.listens) tell(event);
      },
      // As pages/lessons.py has it, which hears of another language only with the next thing that is done.
      entitle: (title) => (document.title = `${title} · GMM Lab`),
      seat,
      language: asked.get("lang") ?? language,
      at: Number.isInteger(at) && at >= 0 ? at : undefined,
      attempts,
    });
    if (news) hear(news);
  });
  return entry;
}

/**
 * What Python says of the class: which events it has taken; of the guesses that went to the room, what became of them;
 * whether it listens to what is seen and revealed, for the link that others open; and a teacher's keys.
 * @param {ClassNews} newest
 */
export function hear(newest) {
  const begins = newest.listens && !news?.listens;
  news = newest;
  const { player } = current ?? {};
  if (!player) return;
  outbox.acknowledge(newest.acknowledged);
  const keys = keepKeys(newest);
  if (keys.length) tell({ type: "keys", keys });
  const moves = seat?.collects && newest.lesson && newest.lesson !== seat.lesson;
  player.hear(newest);
  // Python has heard which lesson is wanted, and its message has come, unless it is the one that was here.
  if (current && !outbox.waiting.some(({ type }) => type === "lesson")) inOrder(current, () => player.rest());
  // The address of a room goes with it to the lesson that its teacher is in.
  if (moves && player.message.name) player.remember();
  if (begins && player.message.name) tell({ type: "seen", parameters: player.address() });
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
  const entry = players.get(parent);
  if (!entry) return;
  entry.gone = true;
  if (entry.player) language = entry.player.language;
  // Whoever is elsewhere has gone there by another way.
  outbox.waiting = outbox.waiting.filter(({ type }) => type !== "lesson" && type !== "lab");
  entry.player?.destroy();
  if (current === entry) {
    current = undefined;
    window.removeEventListener("popstate", follow);
  }
  players.delete(parent);
}
