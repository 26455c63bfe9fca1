"""One HTML file with a whole run in it, which steps and plays from disk, without a network."""

import gzip
import json
import re
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from posixpath import dirname, normpath

import plotly

import ui.stage
from ui.stage.katex import classic_katex

STATIC = Path(ui.stage.__file__).parent / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

ENTRY = "hosts/standalone.js"

_IMPORT = re.compile(r'(\bfrom\s*|\bimport\s*)"(\.{1,2}/[\w/-]+\.js)"')

# Comments that have lines of their own: a third of the stage, which nobody reads in a page that is mailed.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)

# What Streamlit's theme says of the lab's colours, as .streamlit/config.toml has it; a test compares them.
LIGHT = {
    "primary-color": "#00659F",
    "background-color": "#FFFFFF",
    "secondary-background-color": "#F4F6F9",
    "text-color": "#0D141C",
}
DARK = {
    "primary-color": "#56B4E9",
    "background-color": "#10151C",
    "secondary-background-color": "#1A222C",
    "text-color": "#E6ECF2",
}

# The browser itself holds the promise that nothing is fetched and nothing is sent.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
<script type="importmap">{modules}</script>
</head>
<body>
<header><h1>{title}</h1><p>{line}</p></header>
<div data-testid="em-stage" data-kind="{kind}">This page plays by itself, without a network; it needs
JavaScript and a browser of 2023 or later. If nothing moves, save it and open it from there.</div>
<script type="application/octet-stream" id="plotly">{plotly}</script>
<script type="application/octet-stream" id="katex">{katex}</script>
<script type="application/octet-stream" id="message">{message}</script>
<script type="module">
import {{ show }} from "{entry}";
await show(document.querySelector("[data-testid='em-stage']"), {{
  plotly: "plotly", message: "message", katex: "katex",
}});
</script>
</body>
</html>
"""

_FRAME = """
:root {{ color-scheme: light dark; {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
body {{ margin: 0; padding: 1rem 1.5rem; font: 1rem/1.4 var(--st-font); }}
body {{ color: var(--st-text-color); background: var(--st-background-color); }}
body > header {{ display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; align-items: baseline; }}
body > header {{ margin-bottom: 0.8rem; }}
h1 {{ margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }}
header p {{ margin: 0; overflow-wrap: anywhere; }}
"""


def standalone_page(message: bytes, *, title: str, line: str, kind: str = "lab") -> str:
    """The page that shows a message of `ui.stage.codec.encode`, under a title and a line of text, on a stage
    of the kind "lab" or "comparison".

    The same arguments give the same text, about 2 MB: nearly all of it is Plotly. Everything the page needs
    is in it, packed so that no text in it can be taken for markup.
    """
    return _PAGE.format(
        policy=_POLICY,
        kind=kind,
        title=escape(title),
        line=escape(line),
        style=_style(),
        modules=json.dumps({"imports": _modules()}),
        entry=_specifier(ENTRY),
        plotly=_packed_plotly(),
        katex=_packed_katex(),
        message=_packed(message),
    )


def _packed(content: bytes) -> str:
    return b64encode(gzip.compress(content, mtime=0)).decode("ascii")


@cache
def _packed_plotly() -> str:
    # A sixth of a second, which a page that offers a download would pay at every rerun.
    return _packed(PLOTLY.read_bytes())


@cache
def _packed_katex() -> str:
    return _packed(classic_katex().encode("utf-8")) if classic_katex() else ""


def _specifier(name: str) -> str:
    """What a module is imported by: a module in a data: address has no place that "../" could start from."""
    return f"gmm-lab/{name}"


def _modules() -> dict[str, str]:
    """The address of every module that the page needs, by specifier: all that ENTRY imports, and they."""
    found: dict[str, str] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        source, imported = _bound(name)
        waiting += [other for other in imported if _specifier(other) not in found]
        encoded = b64encode(source.encode("utf-8")).decode("ascii")
        found[_specifier(name)] = f"data:text/javascript;base64,{encoded}"
    return dict(sorted(found.items()))


def _bound(name: str) -> tuple[str, list[str]]:
    """The text of a module, in which every import is a specifier and no comment is left, and the modules it
    imports."""
    imported: list[str] = []

    def bind(match: re.Match[str]) -> str:
        imported.append(normpath(f"{dirname(name)}/{match[2]}"))
        return f'{match[1]}"{_specifier(imported[-1])}"'

    source = _COMMENT.sub("", (STATIC / name).read_text(encoding="utf-8"))
    return _IMPORT.sub(bind, source), imported


def _style() -> str:
    def variables(theme: dict[str, str]) -> str:
        return " ".join(f"--st-{name}: {colour};" for name, colour in theme.items())

    frame = _FRAME.format(light=variables({**LIGHT, "font": "system-ui, sans-serif"}), dark=variables(DARK))
    # In a style element nothing but its end tag could be misread.
    return ((STATIC / "stage.css").read_text(encoding="utf-8") + frame).replace("</", "<\\/")
