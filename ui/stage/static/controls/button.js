// A button of the stage.

import { element } from "../draw/dom.js";

/**
 * A button whose name is `name`, or, without one, the words it shows. After a click by hand the focus goes back to
 * the stage, so that space plays and does not click again.
 * @param {string | null} name
 * @param {string | Node} text
 * @param {Record<string, import("../draw/dom.js").Attribute>} attributes
 * @param {() => void} act
 */
export const button = (name, text, attributes, act) =>
  element(
    "button",
    {
      type: "button",
      "aria-label": name,
      title: name,
      ...attributes,
      click: (event) => {
        if (event.detail > 0) event.currentTarget.closest(".em-stage").focus({ preventScroll: true });
        act();
      },
    },
    text,
  );
