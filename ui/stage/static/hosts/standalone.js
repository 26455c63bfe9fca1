// The stage in a page of its own, opened from disk: the run lies in the page, and no server is behind it.

import { openRefit } from "../stages/refit.js";
import { openStage } from "../stages/registry.js";
import { element } from "../draw/dom.js";
import { useKatex } from "../draw/formula.js";
import { skipTo } from "../controls/skip.js";
import { unpack } from "./packed.js";

const FITS = "Drag a mean, or add points: this page fits anew by itself, and sends nothing anywhere.";

/**
 * What the classic script in the element `id` leaves on the page under its name.
 * @param {string} id
 * @param {string} name
 */
async function loadScript(id, name) {
  const source = new TextDecoder().decode(await unpack(id));
  document.head.append(Object.assign(document.createElement("script"), { textContent: source }));
  return /** @type {any} */ (window)[name];
}

/**
 * What is said below the stage, during a long fit and at other times.
 * @param {number} steps
 * @param {number} most
 */
const progressOf = (steps, most) => (most ? `Fitting: iteration ${steps} of ${most} at most.` : FITS);

/**
 * Shows the run in the page: `plotly`, `message` and `katex` are the ids of the elements that hold them, the last where
 * there is one.
 * @param {HTMLElement} root
 * @param {{ plotly: string, message: string, katex?: string }} ids
 */
export async function show(root, { plotly, message, katex }) {
  const setter = katex && document.getElementById(katex)?.textContent ? katex : "";
  if (setter) useKatex(() => loadScript(setter, "katex"), "mathml");
  const [Plotly, bytes] = await Promise.all([loadScript(plotly, "Plotly"), unpack(message)]);
  const stage = openStage(root, Plotly, { remember() {} });
  const note = element("p", { class: "em-below" });
  openRefit(stage, { watch: (steps, most) => (note.textContent = progressOf(steps, most)) });
  await stage.receive(bytes);
  if (!stage.readOnly) {
    note.textContent = FITS;
    root.after(note);
  }
  skipTo(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => stage.retheme());
}
