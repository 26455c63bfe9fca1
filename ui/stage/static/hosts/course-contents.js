// The contents of the course: which lessons were taken in this browser, and the language.

import { Progress } from "../controls/lesson/progress.js";
import { explainTerms, keptLanguage, setFormulas, speak } from "./course-page.js";

/** @param {string} selector @returns {HTMLElement[]} */
const all = (selector) => [...document.querySelectorAll(selector)].map((node) => /** @type {any} */ (node));

/** Makes the page live. */
export function show() {
  setFormulas();
  const progress = new Progress();
  const language = /** @type {HTMLSelectElement} */ (document.getElementById("language"));
  const forget = /** @type {HTMLElement} */ (document.getElementById("forget"));
  const count = /** @type {HTMLElement} */ (document.getElementById("progress"));

  const showProgress = () => {
    progress.done = progress.kept();
    const lessons = all("li[data-lesson]");
    const taken = lessons.filter((node) => (node.dataset.lesson ?? "") in progress.done);
    for (const node of lessons) {
      node.classList.toggle("taken", taken.includes(node));
      for (const mark of node.querySelectorAll(".course-done")) {
        /** @type {HTMLElement} */ (mark).hidden = !taken.includes(node);
      }
    }
    count.textContent = taken.length ? `${taken.length} / ${lessons.length} ✓` : "";
    forget.hidden = taken.length === 0;
  };
  const showLanguage = () => {
    speak(language.value);
    for (const link of all("li[data-lesson] a")) {
      link.setAttribute("href", `${link.closest("li")?.dataset.lesson}.html?lang=${language.value}`);
    }
  };

  language.value = keptLanguage();
  if (!language.value) language.selectedIndex = 0;
  language.addEventListener("change", showLanguage);
  forget.addEventListener("click", () => {
    progress.forget();
    showProgress();
    // The button is gone, and the focus must be somewhere.
    language.focus();
  });
  // Also when the browser brings the page back as it was, before a lesson was taken.
  window.addEventListener("pageshow", showProgress);
  showLanguage();
  showProgress();
  explainTerms();
}
