"""KaTeX, which sets formulas, as the installed Streamlit brings it: nothing of it lies in this house."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ADDRESS = "static/js"
"""Where Streamlit serves it, below the app's own address; the style sheet is part of Streamlit's page."""

_EXPORT = re.compile(r"export\s*\{\s*([\w$]+) as default\s*\}\s*;?\s*$")


def _find() -> Path | None:
    # Without importing Streamlit, which a page that is only written to disk has no use for.
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        return None
    found = sorted((Path(spec.origin).parent / "static" / "static" / "js").glob("katex.*.js"))
    return found[0] if found else None


KATEX: Path | None = _find()
"""One module that imports nothing and exports KaTeX by default; None where there is none."""


@cache
def classic_katex() -> str:
    """KaTeX as a classic script, which makes `window.katex`, for pages from disk; empty where there is none.

    Raises ValueError where the module does not end in its one export.
    """
    if KATEX is None:
        return ""
    source = KATEX.read_text(encoding="utf-8")
    found = _EXPORT.search(source)
    if found is None:
        raise ValueError(
            f"{KATEX.name} does not end with its default export; pages from disk cannot take it."
        )
    return f"window.katex = (() => {{ {source[: found.start()]}\nreturn {found[1]}; }})();\n"
