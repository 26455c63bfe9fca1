"""One HTML file with a whole run in it, which steps and plays from disk, without a network."""

import gzip
from base64 import b64encode
from functools import cache
from html import escape

from ui.export.document import document
from ui.export.plotly_script import map_sheet_element, plotly_script
from ui.export.policy import EMPTY_SHEET, hash_source
from ui.export.theme import theme_style
from ui.stage.bundle import GLOBAL, STATIC, bundle
from ui.stage.katex import classic_katex

ENTRY = "hosts/standalone.js"

# The browser itself holds the promise that nothing is fetched and nothing is sent, and that no script and no
# style comes in but those of this page.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {style}; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)

_BODY = """<header><h1>{title}</h1><p>{line}</p></header>
<div data-testid="em-stage" data-kind="{kind}">This page plays by itself, without a network; it needs
JavaScript and a browser of 2023 or later. If nothing moves, save it and open it from there.</div>
<script type="application/octet-stream" id="plotly">{plotly}</script>
<script type="application/octet-stream" id="katex">{katex}</script>
<script type="application/octet-stream" id="message">{message}</script>
<script>{script}</script>"""

_FRAME = """
body { margin: 0; padding: 1rem 1.5rem; font: 1rem/1.4 var(--st-font); }
body { color: var(--st-text-color); background: var(--st-background-color); }
body > header { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; align-items: baseline; }
body > header { margin-bottom: 0.8rem; }
h1 { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }
header p { margin: 0; overflow-wrap: anywhere; }
"""


def standalone_page(message: bytes, *, title: str, line: str, kind: str = "lab") -> str:
    """The page that shows a message of `ui.stage.codec.encode`, under a title and a line of text, on a stage
    of the kind "lab" or "comparison".

    The same arguments give the same text, about 2.5 MB: nearly all of it is Plotly. Everything the page needs
    is in it, packed so that no text in it can be taken for markup.
    """
    scripts = (_script(), plotly_script(), classic_katex())
    policy = _POLICY.format(
        scripts=" ".join(map(hash_source, filter(None, scripts))),
        style=f"{hash_source(_style())} {EMPTY_SHEET}",
    )
    body = _BODY.format(
        kind=kind,
        title=escape(title),
        line=escape(line),
        plotly=_packed(plotly_script()),
        katex=_packed(classic_katex()),
        message=packed(message),
        script=_script(),
    )
    head = f"{map_sheet_element()}\n<style>{_style()}</style>"
    return document(title, body, policy=policy, head=head)


def packed(content: bytes) -> str:
    """The bytes as base64 of gzip: the same bytes give the same text."""
    return b64encode(gzip.compress(content, mtime=0)).decode("ascii")


@cache
def _packed(text: str) -> str:
    # A sixth of a second for Plotly, which a page that offers a download would pay at every rerun.
    return packed(text.encode("utf-8")) if text else ""


@cache
def _script() -> str:
    """All modules of the stage, and the call that shows the run. Raises ValueError where a page would read
    another text than this."""
    ids = '{ plotly: "plotly", message: "message", katex: "katex" }'
    script = f"{bundle(ENTRY)}{GLOBAL}.show(document.querySelector(\"[data-testid='em-stage']\"), {ids});\n"
    if found := [mark for mark in ("</script", "<!--", "\r", "\0") if mark in script.casefold()]:
        raise ValueError(f"A page would end or change its script at {found}.")
    return script


@cache
def _style() -> str:
    # In a style element nothing but its end tag could be misread.
    sheet = (STATIC / "stage.css").read_text(encoding="utf-8")
    return (sheet + theme_style() + _FRAME).replace("</", "<\\/")
