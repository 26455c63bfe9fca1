// The one place that knows Streamlit: it hands messages in, and events and the address out.

import { openStage } from "../stages/registry.js";
import { addressOf, keepLine, remember } from "./line.js";
import { skipTo } from "../controls/skip.js";

const stages = new WeakMap();

/** How the stage that was left last was drawn, and what Python had said of it: another page's goes on so. */
let view;
let given;

const load = (make) =>
  new Promise((resolve, reject) => {
    const node = make();
    node.onload = resolve;
    node.onerror = () => reject(new Error(`The page could not load ${node.src ?? node.href}; reload it.`));
    document.head.append(node);
  });

let plotly;
/** Plotly as the installed Python package brings it; other copies on the page are not touched. */
function loadPlotly(url) {
  plotly ??= (async () => {
    const before = window.Plotly;
    await load(() => Object.assign(document.createElement("script"), { src: url }));
    const loaded = window.Plotly;
    if (before) window.Plotly = before;
    return loaded;
  })();
  return plotly;
}

let styled;
function loadStyle(url) {
  styled ??= load(() => Object.assign(document.createElement("link"), { rel: "stylesheet", href: url }));
  return styled;
}

/** Puts a link on the clipboard; false where the browser does not let it, as on plain http from elsewhere. */
async function copy(parameters) {
  remember(parameters);
  try {
    await navigator.clipboard.writeText(addressOf(parameters));
    return true;
  } catch {
    return false;
  }
}

/** Mounts, or brings up to date, the stage inside `parent`. */
export async function render({ parent, data, plotlyUrl, styleUrl, send }) {
  let entry = stages.get(parent);
  if (!entry) {
    const root = parent.querySelector("[data-testid='em-stage']");
    entry = { root, send, queue: Promise.resolve() };
    stages.set(parent, entry);
    entry.ready = Promise.all([loadPlotly(plotlyUrl), loadStyle(styleUrl)]).then(([Plotly]) => {
      if (entry.gone) return;
      entry.stage = openStage(root, Plotly, {
        send: (events) => entry.send(events),
        remember,
        copy,
        view,
        given,
      });
      entry.skip = skipTo(root);
    });
  }
  entry.send = send;
  keepLine({
    file: () => entry.stage?.run?.file ?? "",
    flush: () => entry.stage?.outbox.flush(),
    ask: () => entry.send(entry.stage?.outbox.waiting ?? []),
  });
  // One message at a time, in order; one that failed does not hold up the next.
  entry.queue = entry.queue
    .catch(() => {})
    .then(() => entry.ready)
    .then(() => entry.gone || entry.stage.receive(data));
  return entry.queue;
}

export function unmount(parent) {
  const entry = stages.get(parent);
  if (!entry) return;
  entry.gone = true;
  entry.skip?.remove();
  view = entry.stage?.view;
  given = entry.stage?.given;
  entry.stage?.destroy();
  stages.delete(parent);
}
