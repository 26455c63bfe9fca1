"""Find a Chromium or Chrome for the browser tests, or bring one: `python tests/browser/chromium.py`."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

OVERRIDE = "GMM_LAB_CHROMIUM"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NO_BROWSER = f"""\
No Chromium or Chrome was found, and none could be brought, so the browser tests cannot run.
Do one of these, then run `make test` again:
  - install Chromium or Google Chrome (Debian or Ubuntu: sudo apt install chromium);
  - run `.venv/bin/playwright install --with-deps chromium`;
  - point {OVERRIDE} at the executable you have."""


class BrowserNotFoundError(RuntimeError):
    """The browser that was asked for by name does not run."""


def must_have_browser() -> bool:
    """True where a missing browser is a failure, not a skip: CI=true."""
    return os.environ.get("CI", "").strip().lower() in {"1", "true", "yes"}


@functools.cache
def find_chromium() -> str | None:
    """The path of an executable that runs, or None.

    Raises BrowserNotFoundError when GMM_LAB_CHROMIUM names one that does not.
    """
    if override := os.environ.get(OVERRIDE):
        if _runs(override):
            return override
        raise BrowserNotFoundError(f"{OVERRIDE}={override} does not run; correct it or unset it.")
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    for candidate in (*on_path, *_usual_places()):
        if _runs(candidate):
            return candidate
    downloaded = _playwright_chromium()
    return downloaded if downloaded and _runs(downloaded) else None


def bring_chromium() -> str | None:
    """Install a Chromium and return its path, or None when none can be had."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        # Without a font there is no text to measure or to see.
        install = ("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation")
        _try("apt-get", "update", "-qq")
        _try("apt-get", *install)
        find_chromium.cache_clear()
        # Ubuntu's package may be only a pointer to a snap, hence the look whether it runs.
        if found := find_chromium():
            return found
    with_libraries = ("--with-deps",) if root and sys.platform == "linux" else ()
    _try(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")
    find_chromium.cache_clear()
    return find_chromium()


def _usual_places() -> list[str]:
    if sys.platform == "darwin":
        applications = (Path("/Applications"), Path.home() / "Applications")
        places = [
            folder / f"{name}.app/Contents/MacOS/{name}"
            for folder in applications
            for name in ("Google Chrome", "Chromium")
        ]
    elif sys.platform == "win32":
        folders = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        places = [
            Path(folder) / product / "Application/chrome.exe"
            for folder in folders
            if folder
            for product in ("Google/Chrome", "Chromium")
        ]
    else:
        places = []
    return [str(place) for place in places if place.is_file()]


def _playwright_chromium() -> str | None:
    # In a process of its own, for playwright allows one at a time in each thread.
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if Path(path).is_file() else None


def _runs(executable: str) -> bool:
    if sys.platform == "win32":  # There `--version` opens a window.
        return Path(executable).is_file()
    try:
        answer = subprocess.run([executable, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _try(*command: str) -> None:
    """Run a step whose success is judged by its effect, and say what it was."""
    print("Bringing a browser:", *command, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=1200, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)


def main() -> int:
    """Say which browser the tests will drive; 1 when there is none and CI=true."""
    try:
        found = find_chromium() or bring_chromium()
    except BrowserNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    if found:
        print(f"Browser tests will drive {found}")
        return 0
    bar = "!" * 100
    print(bar, NO_BROWSER, bar, sep="\n", file=sys.stderr)
    return 1 if must_have_browser() else 0


if __name__ == "__main__":
    sys.exit(main())
