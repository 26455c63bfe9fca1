"""What sets the formulas is where the stage looks for it, and of the shape that it expects."""

import re

import streamlit

from server.headers import CONTENT_SECURITY
from ui.stage import katex

IMPORT = re.compile(r"(?:^|[;}\s])(?:import\s*[\"'{*(]|import\s+\w|export\s[^;]*\sfrom\b)")


def test_streamlit_brings_it_where_the_stage_looks() -> None:
    assert katex.KATEX is not None
    assert katex.KATEX.is_file()
    served = katex.KATEX.relative_to(streamlit.__path__[0]).as_posix()
    assert served == f"static/{katex.ADDRESS}/{katex.KATEX.name}"


def test_it_needs_nothing_else_and_exports_itself() -> None:
    assert katex.KATEX is not None
    source = katex.KATEX.read_text("utf-8")
    assert IMPORT.search(source) is None
    assert len(re.findall(r"\bexport\s*\{", source)) == 1
    assert re.search(r"export\s*\{[\w$]+ as default\};?\s*$", source)


def test_its_style_sheet_is_on_streamlits_page_from_the_start() -> None:
    static = katex.KATEX.parents[2] if katex.KATEX else None
    assert static is not None
    page = (static / "index.html").read_text("utf-8")
    sheets = re.findall(r'rel="stylesheet"[^>]*href="\./([^"]+)"', page)
    assert any(".katex" in (static / sheet).read_text("utf-8") for sheet in sheets)


def test_the_headers_let_it_in_and_nothing_from_elsewhere() -> None:
    policy = [rule.split(" ") for rule in CONTENT_SECURITY.split("; ")]
    for kind in ("script-src", "style-src", "font-src"):
        (allowed,) = [sources for name, *sources in policy if name == kind]
        assert "'self'" in allowed
        assert not any(source.startswith("http") for source in allowed)


def test_as_a_classic_script_it_is_no_module_any_more() -> None:
    script = katex.classic_katex()
    assert script.startswith("window.katex = ")
    assert "export{" not in script
