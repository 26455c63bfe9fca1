"""The report in a browser: it opens from disk, fits the window, and prints on one sheet of A4."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

import gmm_core
from gmm_core import EM
from ui.export.outcome import Outcome
from ui.export.report import report


def six_components() -> str:
    """A full page: K = 6, remarks, and nearly every caveat."""
    points = gmm_core.generate("elongated", n_points=3000, rng=np.random.default_rng(1)).points * [1e3, 1e-3]
    start = gmm_core.initialize(points, 6, rng=np.random.default_rng(2))
    run = gmm_core.run(points, start, max_steps=9, reg_covar=1e-12)
    columns = ("A column with a rather long name, in cm", "Another one of a length that is not rare")
    outcome = Outcome(
        points, run, EM(reg_covar=1e-12), 9, columns=columns, title="measurements of spring.csv"
    )
    return report(
        outcome,
        choices={"start": "k-means++, seed 2"},
        remarks=["12 rows are not used: a value is missing.", "2 rows are not used: “n/a” is no number."],
        link="http://localhost:8501/?k=6",
    )


@pytest.fixture
def opened(new_page: Callable[..., Page], tmp_path: Path) -> Page:
    file = tmp_path / "report.html"
    file.write_text(six_components(), encoding="utf-8")
    page = new_page()
    page.context.set_offline(True)
    page.goto(file.as_uri())
    return page


def test_it_prints_on_one_sheet(opened: Page) -> None:
    sheets = re.findall(rb"/Type\s*/Page\b", opened.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1


@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_the_window(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
