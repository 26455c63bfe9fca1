// The sidebar on a phone, where it lies over the page: it is closed when a page is opened, and open only while
// somebody uses it. Streamlit remembers an open one, whatever the width. So that a phone does not open with it
// and a desktop keeps what people chose there, only "closed", and only on a wide window, is remembered.
(() => {
  const REMEMBERED = /^stSidebarCollapsed-/;
  const narrow = matchMedia("(max-width: 768px)");
  const close = () => {
    const sidebar = document.querySelector("[data-testid='stSidebar'][data-collapsed='false']");
    const button = sidebar?.querySelector("[data-testid='stSidebarCollapseButton'] button");
    if (narrow.matches && button instanceof HTMLElement) button.click();
  };
  // The page's script runs again with every page.
  const page = /** @type {Window & { gmmLabSidebar?: boolean }} */ (window);
  if (page.gmmLabSidebar) return;
  page.gmmLabSidebar = true;
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (name, value) {
    if (!REMEMBERED.test(name)) return setItem.call(this, name, value);
    if (narrow.matches) return undefined;
    return value === "true" ? setItem.call(this, name, value) : this.removeItem(name);
  };
  for (const name of Object.keys(localStorage))
    if (REMEMBERED.test(name) && localStorage[name] !== "true") localStorage.removeItem(name);
  close();
  // After Streamlit's own answer to the click, which on some phones is to close it.
  const chosen = (/** @type {MouseEvent} */ { target }) => {
    if (target instanceof Element && target.closest("[data-testid='stSidebarNavLink']"))
      setTimeout(close, 50);
  };
  document.addEventListener("click", chosen, { capture: true });
})();
