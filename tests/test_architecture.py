"""Holds the import rule and the other promises about the tree, by walking syntax trees.

gmm_core <- ui.palette, ui.gate, ui.glossary <- ui.figures, ui.stage <- ui.uploads <- ui.experiment <- ui.data
 <- ui.analysis <- ui.export, ui.lessons <- ui.rooms <- ui.workspace <- ui.course <- ui.app
 <- pages, server, app;
never backwards.
Inside gmm_core: the ground <- families, kmeans, datasets <- starts <- em, variational
<- selection, algorithms <- persistence.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("gmm_core", "ui", "pages", "server", "examples", "tests", "benchmarks")
PYTHON_FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py")))
)
APP_FILES = [file for file in PYTHON_FILES if not file.startswith(("examples", "tests", "benchmarks"))]

# A module stands on the floor of its longest prefix here, and may import from its own floor and those below;
# a package of the core also not from its neighbours on the same floor.
FLOORS = {
    room: floor
    for floor, rooms in enumerate(
        (
            ("gmm_core",),
            ("gmm_core.families", "gmm_core.kmeans", "gmm_core.datasets"),
            ("gmm_core.starts",),
            ("gmm_core.em", "gmm_core.variational"),
            ("gmm_core.selection", "gmm_core.algorithms"),
            ("gmm_core.persistence",),
            ("ui.palette", "ui.gate", "ui.glossary"),
            ("ui.figures", "ui.stage"),
            ("ui.uploads",),
            ("ui.experiment",),
            ("ui.data",),
            ("ui.analysis",),
            ("ui.export", "ui.lessons"),
            ("ui.rooms",),
            ("ui.workspace",),
            ("ui.course",),
            ("ui.app",),
            ("pages", "server", "app"),
        )
    )
    for room in rooms
}

# The package's face shows what all its rooms have.
CORE_FACE = "gmm_core/__init__.py"

# The only rooms that may know of Streamlit.
STREAMLIT_ROOMS = ("ui.app", "ui.stage.component", "pages", "server", "app")

# Reading the classics that lie inside the package is the core's one exception to "no I/O".
# fmt: off
IO_AND_CLOCKS = {
    "asyncio", "csv", "datetime", "fileinput", "glob", "http", "importlib.resources", "io", "logging",
    "mmap", "multiprocessing", "os", "pathlib", "pickle", "pkgutil", "random", "secrets", "shelve",
    "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "time", "urllib",
}
# fmt: on
ALLOWED_IN_CORE = {"os.cpu_count", "os.process_cpu_count"}
ALLOWED_IN_CLASSICS = {"csv", "importlib.resources", "io", "pathlib"}

VAGUE_NAME = re.compile(r"(utils?|helpers?|common|managers?|misc)$|.*_(utils?|helpers?|managers?)$")

MOST_LINES = 500


def is_streamlit_free(name: str) -> bool:
    """Whether Streamlit must not be imported in this module."""
    return not any(is_within(name, room) for room in STREAMLIT_ROOMS)


def module_name(file: str) -> str:
    """ "ui/stage/__init__.py" -> "ui.stage"."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def room(name: str) -> str | None:
    """The key in FLOORS of a module of the app, None for anybody else's."""
    return max((prefix for prefix in FLOORS if is_within(name, prefix)), key=len, default=None)


def imports(file: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported; `from a import b` is a.b, whether b is a module or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module_name(file).split(".")
            if not file.endswith("__init__.py"):
                package.pop()
            parents = package[: len(package) - node.level + 1] if node.level else []
            base = [*parents, node.module] if node.module else parents
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)


def import_faults(file: str, source: str) -> list[str]:
    """One sentence for each import that the rule forbids."""
    here = module_name(file)
    faults = []
    for line, name in imports(file, ast.parse(source)):
        where = f"{file}:{line} imports {name}: "
        own_room, other_room = room(here), room(name)
        if own_room and other_room and file != CORE_FACE:
            if FLOORS[other_room] > FLOORS[own_room]:
                faults.append(where + "never backwards")
            if _are_neighbours(own_room, other_room):
                faults.append(where + "packages of the core on one floor know nothing of each other")
        if is_within(name, "streamlit") and is_streamlit_free(here):
            faults.append(where + "this room knows nothing of Streamlit")
        if is_within(here, "gmm_core"):
            faults += [where + fault for fault in _core_faults(here, name)]
    return faults


def _are_neighbours(own_room: str, other_room: str) -> bool:
    in_core = own_room.startswith("gmm_core.") and other_room.startswith("gmm_core.")
    return in_core and own_room != other_room and FLOORS[own_room] == FLOORS[other_room]


def _core_faults(here: str, name: str) -> Iterator[str]:
    top = name.partition(".")[0]
    if top not in {"numpy", "scipy", "gmm_core"} and top not in sys.stdlib_module_names:
        yield "the core stands on numpy and scipy alone"
    allowed = ALLOWED_IN_CORE | (ALLOWED_IN_CLASSICS if here == "gmm_core.datasets.classics" else set())
    taboo = any(is_within(name, module) for module in IO_AND_CLOCKS)
    if taboo and not any(is_within(name, exception) for exception in allowed):
        yield "the core has no I/O, no clock and no randomness of its own"


def core_call_faults(file: str, source: str) -> list[str]:
    """What the core may not call: the outside world, and generators nobody handed it."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"open", "print", "input"}:
                faults.append(f"{file}:{node.lineno} calls {called}: the core has no I/O")
            if called.endswith("default_rng"):
                unasked = not node.args and not node.keywords
            else:
                unasked = re.fullmatch(r"(np|numpy)\.random\.[a-z]\w*", called) is not None
            if unasked:
                faults.append(f"{file}:{node.lineno} calls {called}: randomness is always an rng argument")
    return faults


def session_state_faults(file: str, source: str) -> list[str]:
    """Mentions of session_state, in any spelling, outside its one room."""
    # The second one only clears it, when a person has left.
    if file in {"ui/app/session.py", "server/opening.py"}:
        return []
    return [
        f"{file}:{node.lineno} mentions session_state: only ui/app/session.py does"
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.Name) and node.id == "session_state")
        or (isinstance(node, ast.alias) and node.name.endswith("session_state"))
        or (isinstance(node, ast.Constant) and node.value == "session_state")
    ]


def name_faults(file: str) -> list[str]:
    """Parts of the path that name no concept."""
    vague = [part for part in module_name(file).split(".") if VAGUE_NAME.match(part)]
    return [f"{file}: {part!r} names no concept; use the field's own word" for part in vague]


def length_faults(file: str, source: str) -> list[str]:
    lines = len(source.splitlines())
    return [f"{file} has {lines} lines: is this two rooms?"] if lines >= MOST_LINES else []


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def test_the_house_has_its_rooms() -> None:
    """The tests below look at whatever they find; this one makes sure that there is something to find."""
    for room in ("app.py", "gmm_core/", "ui/figures/", "ui/stage/", "pages/"):
        assert any(file.startswith(room) for file in APP_FILES), f"no Python file in {room}"


@pytest.mark.parametrize("file", APP_FILES)
def test_imports_never_go_backwards(file: str) -> None:
    assert import_faults(file, read(file)) == []


@pytest.mark.parametrize("file", [file for file in APP_FILES if file.startswith("gmm_core/")])
def test_the_core_calls_nothing_outside(file: str) -> None:
    assert core_call_faults(file, read(file)) == []


@pytest.mark.parametrize("file", APP_FILES)
def test_session_state_has_one_room(file: str) -> None:
    assert session_state_faults(file, read(file)) == []


@pytest.mark.parametrize("file", PYTHON_FILES)
def test_every_file_is_one_named_concept(file: str) -> None:
    assert name_faults(file) + length_faults(file, read(file)) == []


def test_streamlit_free_rooms_do_not_load_it_by_detour() -> None:
    free = ", ".join(filter(is_streamlit_free, map(module_name, APP_FILES)))
    code = f"import sys, {free}; sys.exit('streamlit' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr or f"one of these loads streamlit: {free}"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("gmm_core/em/steps.py", "import plotly"),
        ("gmm_core/em/steps.py", "def f():\n    from pandas import DataFrame"),
        ("gmm_core/em/steps.py", "from ui.palette import colours"),
        ("gmm_core/em/steps.py", "import time"),
        ("gmm_core/em/steps.py", "from os import environ"),
        ("gmm_core/em/steps.py", "from importlib import resources"),
        ("gmm_core/geometry.py", "from gmm_core.kmeans.nearest import nearest_centres"),
        ("gmm_core/geometry.py", "from gmm_core import kmeans"),
        ("gmm_core/families/registry.py", "from gmm_core.kmeans import run"),
        ("gmm_core/kmeans/lloyd.py", "from gmm_core.starts import initialize"),
        ("gmm_core/starts/shapes.py", "from gmm_core.em import m_step"),
        ("gmm_core/variational/prior.py", "from gmm_core.em.prior import Prior"),
        ("gmm_core/em/runs.py", "from gmm_core.selection import sweep"),
        ("gmm_core/selection/criteria.py", "from gmm_core.persistence.fitted_model import fingerprint"),
        ("gmm_core/persistence/typed_json.py", "from ui.gate import GATE"),
        ("ui/palette.py", "from ui import experiment"),
        ("ui/figures/dial.py", "from ui.experiment import Experiment"),
        ("ui/figures/dial.py", "from ..experiment import Experiment"),
        ("ui/figures/__init__.py", "from ..app import session"),
        ("ui/figures/dial.py", "import streamlit as st"),
        ("ui/experiment/experiment.py", "from streamlit import query_params"),
        ("ui/uploads/table.py", "import streamlit.runtime"),
        ("ui/uploads/table.py", "from ui.experiment import Experiment"),
        ("ui/experiment/address.py", "from ui.data import data_of"),
        ("ui/data/data.py", "from ui.analysis.fitting import run_of"),
        ("ui/analysis/fitting.py", "from ui.workspace import Workspace"),
        ("ui/export/report.py", "from ui.workspace import Workspace"),
        ("ui/workspace/events.py", "from ui.app import session"),
        ("ui/workspace/events.py", "import streamlit as st"),
        ("ui/workspace/lessons.py", "from ui.course.teacher import teacher_page"),
        ("ui/course/course.py", "from ui.app import session"),
        ("ui/course/course.py", "import streamlit as st"),
        ("ui/stage/codec.py", "import streamlit"),
        ("ui/export/page.py", "import streamlit"),
        ("ui/stage/codec.py", "from ui.export import page"),
        ("ui/__init__.py", "import streamlit"),
        ("ui/app/sidebar.py", "import pages.lab"),
        ("ui/app/sidebar.py", "from app import main"),
        ("ui/app/session.py", "from server.connection import Allowance"),
        ("ui/gate.py", "import streamlit"),
    ],
)
def test_forbidden_imports_are_seen(file: str, source: str) -> None:
    assert import_faults(file, source) != []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        (
            "gmm_core/em/steps.py",
            "import math, threading\nimport numpy as np\nfrom scipy.special import logsumexp",
        ),
        (
            "gmm_core/em/steps.py",
            "from os import cpu_count\nfrom . import moments\nfrom .mixture import Mixture",
        ),
        ("gmm_core/starts/shapes.py", "from gmm_core import kmeans\nfrom gmm_core.families import FAMILIES"),
        ("gmm_core/em/runs.py", "from gmm_core.em.steps import step\nfrom gmm_core.iteration import Run"),
        ("gmm_core/__init__.py", "from gmm_core.selection import sweep"),
        ("gmm_core/datasets/classics.py", "import csv\nfrom importlib import resources"),
        ("ui/figures/dial.py", "import plotly.graph_objects as go\nfrom ui import palette"),
        ("ui/stage/component.py", "import streamlit as st\nfrom ui.stage.codec import encode"),
        ("ui/app/sidebar.py", "import streamlit as st\nfrom ui.figures import dial_figure"),
        ("pages/lab.py", "import streamlit as st\nfrom ui.app.session import act"),
        ("app.py", "import streamlit as st"),
    ],
)
def test_permitted_imports_pass(file: str, source: str) -> None:
    assert import_faults(file, source) == []


def test_the_other_faults_are_seen() -> None:
    calls = ["print(1)", "open('x')", "np.random.default_rng()", "np.random.normal(size=3)", "default_rng()"]
    assert [len(core_call_faults("gmm_core/em/steps.py", call)) for call in calls] == [1] * len(calls)
    assert (
        core_call_faults("gmm_core/mixture.py", "np.random.default_rng(7)\nrng.normal()\nimage.open()") == []
    )
    mentions = ["st.session_state.k", "from streamlit import session_state", "getattr(st, 'session_state')"]
    assert all(session_state_faults("ui/app/sidebar.py", mention) for mention in mentions)
    assert session_state_faults("ui/app/session.py", mentions[0]) == []
    vague = ["ui/utils.py", "gmm_core/helpers/a.py", "ui/common.py", "ui/stage_manager.py"]
    assert all(name_faults(file) for file in vague)
    assert name_faults("gmm_core/mixture.py") == []
    assert length_faults("ui/a.py", "x = 1\n" * 499) == []
    assert length_faults("ui/a.py", "x = 1\n" * 500) != []
