// The way past everything that stands before the picture, for hands on a keyboard.

import { element } from "../draw/dom.js";

/**
 * Puts a link to the stage before all else on the page; it is seen when it has the focus.
 * @param {HTMLElement} root
 */
export function skipTo(root) {
  root.id ||= "em-stage";
  const link = element(
    "a",
    {
      class: "em-skip",
      href: `#${root.id}`,
      click: (event) => {
        // No other address: it holds the experiment.
        event.preventDefault();
        root.focus();
        root.scrollIntoView({ block: "nearest" });
      },
    },
    "Skip to the picture",
  );
  document.body.prepend(link);
  return link;
}
