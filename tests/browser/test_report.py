"""The report in a browser: it opens from disk, fits the window, and prints on one sheet of A4."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

import gmm_core
from gmm_core import EM
from ui.analysis.choosing.sweeping import swept
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.transitions import choose_data
from ui.export.choice import Choice
from ui.export.choice_section import choice_section
from ui.export.finished import outcome_of
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


def chosen_by_a_sweep() -> str:
    """Three components that a sweep of 36 models has chosen, as most people will have it."""
    experiment = replace(choose_data(Experiment(), "old_faithful"), family="tied", n_components=3)
    data = data_of(experiment, None)
    choice = Choice(experiment, swept(experiment, data))
    outcome = outcome_of(experiment, data, run_of(experiment, data))
    return report(
        outcome,
        choices={"start": "k-means++, seed 2"},
        remarks=["12 rows are not used: a value is missing.", "2 rows are not used: “n/a” is no number."],
        chosen=choice_section(choice, ("tied", 3)),
        link="http://localhost:8501/?k=3",
    )


@pytest.fixture(params=[six_components, chosen_by_a_sweep])
def opened(another_page: Callable[..., Page], tmp_path: Path, request: pytest.FixtureRequest) -> Page:
    file = tmp_path / "report.html"
    file.write_text(request.param(), encoding="utf-8")
    page = another_page()
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
