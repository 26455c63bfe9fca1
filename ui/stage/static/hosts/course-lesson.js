// A lesson in a page of the course: it lies in the page, and no server is behind it.

import { readLesson } from "../protocol/lesson.js";
import { readRuns } from "../protocol/runs.js";
import { element } from "../draw/dom.js";
import { LessonPlayer } from "../stages/lesson.js";
import { openRefit } from "../stages/refit.js";
import { openStage } from "../stages/registry.js";
import { explainTerms, keptLanguage, setFormulas, speak } from "./course-page.js";
import { unpack } from "./packed.js";

/** @param {string} id */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The address names what is seen, where a page may change its own: those on a disk may not in every browser.
 * @param {Record<string, string>} parameters */
function remember({ lesson, ...rest }) {
  try {
    history.replaceState(history.state, "", `?${new URLSearchParams(rest)}${location.hash}`);
  } catch {
    // It stays as it was.
  }
}

/** Takes people through the lesson in the page. */
export async function show() {
  const { Plotly } = /** @type {any} */ (window);
  setFormulas();
  const root = /** @type {HTMLElement} */ (document.querySelector("[data-testid='lesson']"));
  const bytes = await unpack("message");
  const asked = new URLSearchParams(location.search);
  const at = Number(asked.get("at") ?? NaN);
  /** What is seen. @type {{ retheme: () => unknown, destroy: () => void }} */
  let seen;

  /** @param {{ at?: number, attempts?: Record<string, Attempt>, language: string }} begun */
  const play = async (begun) => {
    const player = new LessonPlayer(root, Plotly, {
      open: (name, language) => location.assign(`${name}.html?lang=${language}`),
      lab: () => openFreely(player),
      alone: true,
      remember(parameters) {
        speak(parameters.lang);
        remember(parameters);
      },
      ...begun,
    });
    seen = player;
    await player.receive(bytes);
    speak(player.language);
  };

  /** The lesson's stage without the lesson; back leads to where it was. @param {LessonPlayer} player */
  const openFreely = async (player) => {
    const { before, after, kind } = readLesson(bytes);
    const { attempts, language } = player;
    player.destroy();
    const stageRoot = element("div", { "data-testid": "em-stage", "data-kind": kind, lang: "en" });
    root.classList.remove("em-lesson");
    root.replaceChildren(stageRoot);
    const stage = openStage(stageRoot, Plotly, { remember() {} });
    openRefit(stage);
    seen = stage;
    find("back").onclick = () => {
      stage.destroy();
      find("free").hidden = true;
      return play({ attempts, language });
    };
    const runs = readRuns(after ?? before);
    await stage.take(runs.map((run) => ({ ...run, locked: false, id: `${run.id} free` })));
    find("free-hands").hidden = stage.readOnly;
    find("free-looks").hidden = !stage.readOnly;
    find("free").hidden = false;
    find("back").focus({ preventScroll: true });
  };

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => seen.retheme());
  await play({ at: Number.isInteger(at) && at >= 0 ? at : undefined, language: keptLanguage() });
  explainTerms();
}
