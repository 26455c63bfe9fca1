"""What the page around everything needs of the browser: places for fingers, and a sidebar that makes room."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "page"


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


FRAME = f"<style>{_text('touch.css')}</style><script>{_text('sidebar.js')}</script>"
"""HTML for every page."""

HALL = f"<style>{_text('hall.css')}</style>"
"""HTML for a page that shows what a class predicts."""
