"""Scripts that people take home, run as they would run them."""

from pathlib import Path
from typing import Any

import pytest


def executed(code: str, points: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the script leaves, run in a folder with its points.csv."""
    (folder / "points.csv").write_text(points, encoding="utf-8")
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code.encode("utf-8"), "fit.py", "exec"), names)
    return names
