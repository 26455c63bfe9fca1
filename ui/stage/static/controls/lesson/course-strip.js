// The choice of a lesson, with ticks for those that were taken, and the language.

import { element, fill } from "../../draw/dom.js";
import { sayDone, titleOf } from "../../words/lesson.js";

export class CourseStrip {
  /**
   * @param {{ open: (name: string) => void, speak: (language: string) => void, forget: () => void }} acts
   */
  constructor({ open, speak, forget }) {
    this.label = element("span");
    this.lessons = element("select", { change: () => open(this.lessons.value) });
    this.languages = element("select", {
      "aria-label": "Language",
      class: "em-language",
      change: () => speak(this.languages.value),
    });
    this.done = element("span", { class: "em-done" });
    this.forgetter = element("button", {
      type: "button",
      class: "em-forget",
      click: () => {
        forget();
        // The button is gone, and the focus must be somewhere.
        this.lessons.focus({ preventScroll: true });
      },
    });
    this.node = element(
      "div",
      { class: "em-course" },
      element("label", { class: "em-choice" }, this.label, this.lessons),
      this.languages,
      element("p", { class: "em-progress" }, this.done, " ", this.forgetter),
    );
  }

  /** @param {LessonView} view */
  show(view) {
    const { message, page, language, done } = view;
    this.label.textContent = page.lesson;
    fill(
      this.lessons,
      message.course.map(({ name }, place) => [name, titleOf(view, place)]),
    );
    this.lessons.value = message.name;
    fill(this.languages, Object.entries(message.languages));
    this.languages.value = language;
    this.done.textContent = sayDone(view);
    this.forgetter.textContent = page.forget;
    this.forgetter.hidden = Object.keys(done).length === 0;
  }
}
