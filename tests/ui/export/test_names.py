"""Files are called after the data, in letters that every system takes."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import QUICK
from ui.export import names
from ui.export.names import file_stem


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("penguins.csv", "penguins"),
        ("penguins.csv.gz", "penguins"),
        ("Old Faithful", "old-faithful"),
        ("../../etc/passwd", "etc-passwd"),
        ("Vitesse à l’arrêt.XLSX", "vitesse-a-l-arret"),
        ("run 3.5 of 7", "run-3-5-of-7"),
        ("", "points"),
    ],
)
def test_a_title_becomes_a_name(title: str, stem: str) -> None:
    assert file_stem(title) == stem


@QUICK
@given(st.text())
def test_every_title_gives_a_safe_name(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file_stem(title))
    assert len(file_stem(title)) <= 60


def test_the_examples_in_the_docstrings_hold() -> None:
    results = doctest.testmod(names)
    assert results.attempted >= 1
    assert results.failed == 0
