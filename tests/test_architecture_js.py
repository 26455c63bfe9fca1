"""Holds the import rule of the stage's JavaScript, as test_architecture.py does for Python.

protocol <- model <- words <- draw <- controls <- stages <- hosts; never backwards, and never in a circle.
What a comment for the type checker names is no import: controls may say what kind of stage they drive.
"""

import re
from posixpath import dirname, normpath

import pytest

from ui.export.page import STATIC

FLOORS = ("protocol", "model", "words", "draw", "controls", "stages", "hosts")

# What a room may not touch, so that Node can run it as it stands.
WITHOUT_PAGE = ("protocol", "model", "words")
PAGE = re.compile(r"(?<![\w.])(document|window|requestAnimationFrame|getComputedStyle|location|history)\b")

MOST_LINES = 500

MODULES = {path.relative_to(STATIC).as_posix(): path.read_text("utf-8") for path in STATIC.rglob("*.js")}

_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")


def code_of(source: str) -> str:
    return _COMMENT.sub("", source)


def imports(file: str, source: str) -> list[str]:
    """The modules that a module imports, by their places in the folder; others as they are written."""
    named = _IMPORT.findall(code_of(source))
    return [normpath(f"{dirname(file)}/{name}") if name.startswith(".") else name for name in named]


def faults(file: str, source: str, modules: dict[str, str]) -> list[str]:
    """One sentence for whatever a module does that its room forbids."""
    room = file.split("/")[0]
    found = [] if room in FLOORS else [f"{file}: {room} is none of the rooms"]
    for other in imports(file, source):
        if other not in modules:
            found.append(f"{file} imports {other}, which is none of the stage's modules")
        elif room in FLOORS and FLOORS.index(other.split("/")[0]) > FLOORS.index(room):
            found.append(f"{file} imports {other}: never backwards")
    if room in WITHOUT_PAGE and (named := PAGE.search(code_of(source))):
        found.append(f"{file} names {named[1]}: this room knows nothing of a page")
    lines = len(source.splitlines())
    return found + ([f"{file} has {lines} lines: is this two rooms?"] if lines >= MOST_LINES else [])


def circle(modules: dict[str, str]) -> list[str]:
    """Modules that import each other in a circle; empty for none."""
    done: set[str] = set()

    def walk(file: str, way: list[str]) -> list[str]:
        if file in way:
            return [*way[way.index(file) :], file]
        if file not in done:
            for other in imports(file, modules.get(file, "")):
                if found := walk(other, [*way, file]):
                    return found
            done.add(file)
        return []

    return next((found for file in sorted(modules) if (found := walk(file, []))), [])


def test_every_room_has_modules() -> None:
    assert {file.split("/")[0] for file in MODULES} == set(FLOORS)


@pytest.mark.parametrize("file", MODULES)
def test_modules_keep_to_their_room(file: str) -> None:
    assert faults(file, MODULES[file], MODULES) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(MODULES) == []


def test_every_module_is_imported_by_something() -> None:
    hosts = {file for file in MODULES if file.startswith("hosts/")}
    imported = {other for file, source in MODULES.items() for other in imports(file, source)}
    assert set(MODULES) - imported - hosts == set()


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("model/a.js", 'import { x } from "../draw/colour.js";'),
        ("draw/a.js", 'import {\n  x,\n} from "../controls/hand.js";'),
        ("draw/a.js", 'const later = import("../hosts/line.js");'),
        ("draw/a.js", 'export { x } from "../stages/stage.js";'),
        ("draw/a.js", "import '../stages/stage.js';"),
        ("draw/a.js", 'import { x } from "./nowhere.js";'),
        ("draw/a.js", 'import d3 from "d3";'),
        ("helpers/a.js", ""),
        ("model/a.js", "document.body.append(1);"),
        ("words/a.js", "const width = () => window.innerWidth;"),
        ("draw/a.js", "\n" * 500),
    ],
)
def test_what_is_forbidden_is_seen(file: str, source: str) -> None:
    assert faults(file, source, MODULES) != []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("draw/a.js", 'import { x } from "../model/mixture.js";\nimport { y } from "./colour.js";'),
        ("controls/a.js", '/** @param {import("../stages/stage.js").Stage} stage */'),
        ("model/a.js", "// What document.body is to others.\nexport const where = this.window;"),
        ("draw/a.js", "\n" * 499),
    ],
)
def test_what_is_permitted_passes(file: str, source: str) -> None:
    assert faults(file, source, MODULES) == []


def test_circles_are_seen() -> None:
    to = {name: f'import "./{name}.js";' for name in "abc"}
    round_trip = {"draw/a.js": to["b"], "draw/b.js": to["c"], "draw/c.js": to["a"]}
    assert circle(round_trip) == ["draw/a.js", "draw/b.js", "draw/c.js", "draw/a.js"]
    assert circle({"draw/a.js": to["a"]}) == ["draw/a.js", "draw/a.js"]
    assert circle({"draw/a.js": to["b"], "draw/b.js": to["c"], "draw/c.js": ""}) == []
