"""What all pages of the course have in common: policy, style sheets, scripts, texts in every language."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from ui.export.document import document
from ui.export.policy import EMPTY_SHEET
from ui.export.theme import theme_style
from ui.lessons.words import LANGUAGES
from ui.stage.bundle import STATIC
from ui.stage.katex import classic_katex

_STYLE = Path(__file__).parent / "style"

SHEETS = ("theme.css", "stage.css", "lesson.css", "glossary.css", "course.css")
"""Of every page, in the order in which they hold."""

FIRST = next(iter(LANGUAGES))
"""The language of a page before anybody chose one."""

TEACHER = {code: "teacher.html" if code == FIRST else f"teacher.{code}.html" for code in LANGUAGES}
"""The teacher's page in each language."""

# Held by the browser, from disk as from any host: nothing but the files of this folder, and no script or
# style within a page.
_POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {EMPTY_SHEET}; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'"
)


def page(title: str, body: str, scripts: Sequence[str], extra: str = "") -> str:
    """A page of the course: `title` is a text, `body` and what `extra` stands in its head are HTML, and
    `scripts` are files beside it, which run in this order when the page is there."""
    sheets = [f'<link rel="stylesheet" href="{name}">' for name in SHEETS]
    loaded = [f'<script src="{name}" defer></script>' for name in scripts]
    head = "\n".join(filter(None, [extra, *sheets, *loaded]))
    return document(title, body, policy=_POLICY, head=head, language=FIRST)


def formulas() -> list[str]:
    """The script that sets formulas, where there is one."""
    return ["katex.js"] if classic_katex() else []


def sheet(name: str) -> str:
    """The text of one of SHEETS."""
    if name == "theme.css":
        return theme_style()
    folder = STATIC if (STATIC / name).exists() else _STYLE
    return (folder / name).read_text(encoding="utf-8")


def said(text: Callable[[str], str], tag: str = "span") -> str:
    """HTML of what `text` says in each language; the page shows one of them."""
    return "".join(f"<{tag}{shown_in(language)}>{escape(text(language))}</{tag}>" for language in LANGUAGES)


def shown_in(language: str) -> str:
    """The attributes of an element that is seen in one language alone."""
    return f' data-said lang="{language}"' + ("" if language == FIRST else " hidden")
