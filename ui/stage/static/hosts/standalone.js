// The stage in a page of its own, opened from disk: the run lies in the page, and no server is behind it.

import { openStage } from "../stages/registry.js";
import { useKatex } from "../draw/formula.js";
import { skipTo } from "../controls/skip.js";
import { unpack } from "./packed.js";

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
 * Shows the run in the page: `plotly`, `message` and `katex` are the ids of the elements that hold them, the last where
 * there is one.
 * @param {HTMLElement} root
 * @param {{ plotly: string, message: string, katex?: string }} ids
 */
export async function show(root, { plotly, message, katex }) {
  const setter = katex && document.getElementById(katex)?.textContent ? katex : "";
  if (setter) useKatex(() => loadScript(setter, "katex"), "mathml");
  const [Plotly, bytes] = await Promise.all([loadScript(plotly, "Plotly"), unpack(message)]);
  // No send(events): nobody is there to fit anew, so the stage offers nothing that asks for it.
  const stage = openStage(root, Plotly, { remember() {} });
  await stage.receive(bytes);
  skipTo(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => stage.retheme());
}
