// Lessons in Streamlit: messages go in, and the name of another lesson, or the wish to see the lab, goes out.

import { LessonPlayer } from "../stages/lesson.js";
import { addressOf, keepLine, remember } from "./line.js";
import { loadPlotly, loadStyle } from "./loading.js";
import { keepKeys } from "./teacher-keys.js";

/**
 * What Streamlit has mounted: its element, the way to Python, and the player once Plotly is there.
 * @typedef {{ send: (events: object[]) => void, queue: Promise<unknown>, ready: Promise<unknown>, gone?: boolean,
 *   player?: LessonPlayer }} Entry
 * @typedef {{ number: number, answers: Record<number, string>, listens: boolean, lesson: string,
 *   session: string, keys: Record<string, { code: string, secret: string }> }} ClassNews see hear
 */

/** @type {WeakMap<HTMLElement, Entry>} */
const players = new WeakMap();

/** Where people were when they left the page for another one. @type {{ attempt: Attempt, language: string } | undefined} */
let left;

/** What Python says of the class. @type {ClassNews | undefined} */
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
  // Whoever has the teacher's secret is no voter.
  const collects = asked.has("room") && !asked.has("teacher");
  const stops = collects || asked.get("stop") === "reveal";
  return stops || collects ? { lesson: asked.get("lesson") ?? "", stops, collects } : undefined;
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
    ask: () => entry.send(entry.player?.seat?.waiting ?? []),
  });
  // One message at a time, in order; one that failed does not hold up the next.
  entry.queue = entry.queue
    .catch(() => {})
    .then(() => entry.ready)
    .then(() => (entry.gone ? undefined : entry.player?.receive(data)));
  return entry.queue;
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
  const asked = new URLSearchParams(location.search);
  const at = Number(asked.get("at") ?? NaN);
  const classroom = classroomOf(asked);
  /** @param {Record<string, string>} parameters */
  const withClass = (parameters) => {
    const kept = IN_CLASS.filter((key) => classroom?.lesson === parameters.lesson && asked.has(key));
    return { ...parameters, ...Object.fromEntries(kept.map((key) => [key, asked.get(key) ?? ""])) };
  };
  current = entry;
  entry.ready = Promise.all([loadPlotly(plotlyUrl), ...styleUrls.map(loadStyle)]).then(([Plotly]) => {
    if (entry.gone) return;
    entry.player = new LessonPlayer(root, Plotly, {
      open(name, lang) {
        // An entry of its own in the history: Back leads to the lesson before.
        history.pushState(history.state, "", addressOf({ lesson: name, lang }));
        entry.send([{ type: "lesson", name }]);
      },
      lab: () => entry.send([{ type: "lab" }]),
      remember(parameters) {
        remember(withClass(parameters));
        if (news?.listens) entry.send([{ type: "seen", parameters }]);
      },
      copy: (parameters) => copy(withClass(parameters)),
      tell: (event) => {
        if (classroom?.collects || news?.listens) entry.send([event]);
      },
      // As pages/lessons.py has it, which hears of another language only with the next thing that is done.
      entitle: (title) => (document.title = `${title} · GMM Lab`),
      classroom,
      language: asked.get("lang") ?? left?.language ?? "",
      at: Number.isInteger(at) && at >= 0 ? at : undefined,
      earlier: asked.has("at") ? undefined : left?.attempt,
    });
    if (news) hear(news);
  });
  return entry;
}

/**
 * What Python says of the class: of the guesses that went to the room, how many it has answered and how; whether it
 * listens to what is seen and revealed, for the link that others open; and a teacher's keys.
 * @param {ClassNews} newest
 */
export function hear(newest) {
  const begins = newest.listens && !news?.listens;
  news = newest;
  const { player, send } = current ?? {};
  if (!player) return;
  const keys = keepKeys(newest.session, newest.keys);
  if (keys.length) send?.([{ type: "keys", keys }]);
  const { classroom } = player.host;
  const moves = classroom?.collects && newest.lesson && newest.lesson !== classroom.lesson;
  if (moves) classroom.lesson = newest.lesson;
  player.hear(newest);
  // The address of a room goes with it to the lesson that its teacher is in.
  if (moves && player.message.name) player.remember();
  if (begins && player.message.name) send?.([{ type: "seen", parameters: player.address() }]);
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
  const entry = players.get(parent);
  if (!entry) return;
  entry.gone = true;
  if (entry.player) left = { attempt: entry.player.attempt, language: entry.player.language };
  entry.player?.destroy();
  if (current === entry) current = undefined;
  players.delete(parent);
}
