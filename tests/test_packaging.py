"""What `pip install .` asks for and what the wheel holds, and the versions that were tested."""

import re
import tomllib
import zipfile
from email import message_from_bytes

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gmm_core
from tests.outcomes import faithful, outcome_of
from tests.wheel import ROOT, build_wheel
from ui.export.model import model_text
from ui.export.report import report

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lines_of(name: str) -> list[str]:
    """The lines of a list of requirements, without comments and options."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))]


APP = {Requirement(line).name: Requirement(line) for line in lines_of("requirements.txt")}
ALL = APP | {Requirement(line).name: Requirement(line) for line in lines_of("requirements-dev.txt")}
PINS = lines_of("constraints.txt")
PINNED = {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in PINS)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel")))


def test_what_is_installed_needs_what_the_app_needs():
    """Add a requirement to requirements.txt and to pyproject.toml; pytest is not installed with the app."""
    declared = {str(Requirement(line)) for line in PROJECT["dependencies"]}
    assert declared == {str(requirement) for name, requirement in APP.items() if name != "pytest"}


@pytest.mark.parametrize("name", ALL)
def test_every_requirement_is_pinned_within_its_range(name: str) -> None:
    """`make constraints` writes the pins anew."""
    assert PINNED[canonicalize_name(name)] in ALL[name].specifier


@pytest.mark.parametrize("pin", PINS)
def test_a_pin_is_a_name_and_a_version_that_anybody_can_have(pin: str) -> None:
    """No address, no path, no version that only one index or machine has."""
    assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9]+(\.[0-9]+)*((a|b|rc|\.post)[0-9]+)?", pin)


def test_no_name_is_pinned_twice():
    assert len(PINNED) == len(PINS)


def test_the_wheel_puts_two_names_among_other_peoples_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"gmm_core", "gmm_lab", f"gmm_lab-{gmm_core.__version__}.dist-info"}


def test_the_wheel_holds_every_file_of_the_app(wheel: zipfile.ZipFile) -> None:
    rooms = ("gmm_core", "pages", "server", "ui")
    here = [path for room in rooms for path in (ROOT / room).rglob("*")]
    here += [ROOT / "app.py", ROOT / ".streamlit" / "config.toml"]
    files = [path for path in here if path.is_file() and "__pycache__" not in path.parts]
    expected = set()
    for path in files:
        relative = path.relative_to(ROOT).as_posix()
        expected.add(relative if relative.startswith("gmm_core/") else f"gmm_lab/{relative}")
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {"gmm_core/py.typed", "gmm_core/datasets/data/iris.csv", "gmm_lab/app.py"} < held


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    folder = f"gmm_lab-{gmm_core.__version__}.dist-info"
    said = message_from_bytes(wheel.read(f"{folder}/METADATA"))
    assert (said["Name"], said["Version"]) == ("gmm-lab", gmm_core.__version__)
    assert b"gmm-lab = gmm_lab.server.command:main" in wheel.read(f"{folder}/entry_points.txt")


def test_models_and_reports_name_the_version() -> None:
    outcome = outcome_of(faithful(), 2)
    model = gmm_core.load_model(model_text(outcome))
    assert model.versions["gmm_core"] == gmm_core.__version__
    assert model.versions["NumPy"] == np.__version__
    assert f"gmm_core {gmm_core.__version__}" in report(outcome)


def test_a_model_of_before_it_named_the_version_opens() -> None:
    text = model_text(outcome_of(faithful(), 2))
    before = text.replace(f'"gmm_core": "{gmm_core.__version__}", ', "")
    assert before != text
    assert "gmm_core" not in gmm_core.load_model(before).versions


def test_the_changelog_knows_the_version() -> None:
    headings = re.findall(r"^## (\S+) ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert gmm_core.__version__ == headings[0]
