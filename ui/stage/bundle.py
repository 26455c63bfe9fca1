"""The stage's modules as one classic script, for pages that no server sends module by module.

A browser lets a page from disk load scripts, but no modules. Ours need little of what a bundler does, because
they keep to one form: `import { a, b as c } from "./x.js";` and `export` before a function, a class or a
const. Whatever keeps to another form is named in an error.
"""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

STATIC = Path(__file__).parent / "static"

GLOBAL = "gmmLab"
"""What holds all that the entry exports, for the scripts that come after."""

_IMPORT = re.compile(r'^import\s*\{([^{}]*)\}\s*from\s*"(\.{1,2}/[\w./-]+\.js)";[ \t]*$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) ([A-Za-z_$][\w$]*))", re.MULTILINE)
_NAME = re.compile(r"([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?")

# Comments that have lines of their own: a third of the stage, which nobody reads here.
_OWN_LINE = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
_WITHIN = re.compile(r"/\*.*?\*/", re.DOTALL)
_OTHER = re.compile(r"^[ \t]*(?:import|export)\b.*|(?<![\w.$])import\s*[.(].*", re.MULTILINE)


class BundleError(ValueError):
    """A module keeps to none of the forms that a bundle knows; the text says which, and where."""


def bundle(entry: str, folder: Path = STATIC) -> str:
    """A classic script with the module `entry`, a place in `folder`, and all that it imports; it leaves the
    exports of `entry` in the constant `GLOBAL`.

    Every module is a function that runs once, after those that it imports, in the order in which a browser
    would run them. Raises BundleError for a module that is not there, or keeps to another form, and where
    modules import each other in a circle.
    """
    sources: dict[str, str] = {}
    _collect(entry, folder, sources, ())
    body = "\n".join(sources.values())
    # What is strict in a module is strict here.
    return (
        f'const {GLOBAL} = (() => {{\n"use strict";\nconst modules = {{}};\n{body}\n'
        f'return modules["{entry}"];\n}})();\n'
    )


def modules_of(entry: str, folder: Path = STATIC) -> list[str]:
    """The places of a bundle's modules, in the order in which they run. Raises BundleError as it does."""
    sources: dict[str, str] = {}
    _collect(entry, folder, sources, ())
    return list(sources)


def _collect(name: str, folder: Path, sources: dict[str, str], way: tuple[str, ...]) -> None:
    """Adds the functions of the module and of all that it imports, those first."""
    if name in way:
        raise BundleError(
            f"{' imports '.join([*way[way.index(name) :], name])}: a circle has no first module"
        )
    if name in sources:
        return
    try:
        source = (folder / name).read_text(encoding="utf-8")
    except OSError:
        raise BundleError(f"{way[-1] if way else 'A page'} imports {name}, which is not there") from None
    function, imported = _as_function(name, source)
    for other in imported:
        _collect(other, folder, sources, (*way, name))
    sources[name] = function


def _as_function(name: str, source: str) -> tuple[str, list[str]]:
    """A module's text as a function that is run at once, and the modules it imports."""
    imported: list[str] = []

    def bind(match: re.Match[str]) -> str:
        imported.append(normpath(join(dirname(name), match[2])))
        return f'const {{ {_bindings(name, match[1])} }} = modules["{imported[-1]}"];'

    bound = _IMPORT.sub(bind, _OWN_LINE.sub("", source))
    exported = [match[1] for match in _EXPORT.finditer(bound)]
    text = _EXPORT.sub("", bound)
    if other := _OTHER.search(_WITHIN.sub("", text)):
        raise BundleError(f"{name}: a bundle does not know this form: {other[0].strip()[:80]}")
    return f'modules["{name}"] = (() => {{\n{text}\nreturn {{ {", ".join(exported)} }};\n}})();', imported


def _bindings(name: str, listed: str) -> str:
    """`a, b as c` as the pattern `a, b: c`."""
    found: list[str] = []
    for part in filter(None, (part.strip() for part in listed.split(","))):
        match = _NAME.fullmatch(part)
        if match is None or match[1] == "default":
            raise BundleError(f"{name}: a bundle does not know this import: {part[:80]}")
        found.append(f"{match[1]}: {match[2]}" if match[2] else match[1])
    return ", ".join(found)
