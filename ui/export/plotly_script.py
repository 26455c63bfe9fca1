"""Plotly as the installed package brings it, for pages from disk, and what a policy must know of it."""

import re
from functools import cache
from pathlib import Path

import plotly

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

_MAP_SHEET = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


@cache
def plotly_script() -> str:
    """Its text, a classic script that leaves `window.Plotly`."""
    return PLOTLY.read_text(encoding="utf-8")


@cache
def map_sheet_element() -> str:
    """An element, as HTML, that keeps Plotly from adding the style sheet of its maps, which no page of ours
    has and a policy would forbid: it looks for one by this name first. Empty where Plotly looks for none."""
    found = _MAP_SHEET.search(plotly_script())
    return f'<meta name="maps" content="none" id="{found[1]}">' if found else ""
