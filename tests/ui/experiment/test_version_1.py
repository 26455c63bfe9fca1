"""Addresses and session files of the first version open as they did: see tests/version_1."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from gmm_core.points import Array
from gmm_core.starts import registry
from gmm_core.starts.request import StartRequest
from tests.ui.export.test_saving import file
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import UPLOADED, Experiment, View
from ui.experiment.address import VIEW_DEFAULTS, from_address, to_address, view_address
from ui.experiment.view import VIEW_CHOICES
from ui.uploads import Table
from ui.workspace import Workspace
from ui.workspace.opening import open_file

FOLDER = Path(__file__).parents[2] / "version_1"
ADDRESSES = json.loads((FOLDER / "addresses.json").read_text("utf-8"))
SESSIONS = json.loads((FOLDER / "sessions.json").read_text("utf-8"))


@pytest.fixture
def plain_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start "kmeans++" as version 1 drew it, one candidate a mean.

    Since then it draws several and keeps the best, so that a link or a file whose run began with it begins
    elsewhere. Everything else about it is as it was, down to the likelihood that such a start leads to.
    """

    def draw(request: StartRequest) -> Array:
        points, weights, rng = request.points, request.weights, request.rng
        even = weights is None
        first = rng.integers(len(points)) if even else rng.choice(len(points), p=weights / weights.sum())
        odds = np.ones(len(points)) if even else weights / weights.max()
        chosen, nearest = [points[first]], np.full(len(points), np.inf)
        while len(chosen) < request.n_components:
            nearest = np.minimum(nearest, (((points - chosen[-1]) / request.units) ** 2).sum(axis=1))
            likely = nearest * odds
            chosen.append(points[rng.choice(len(points), p=likely / likely.sum())])
        return np.array(chosen)

    monkeypatch.setitem(registry._STARTS, "kmeans++", replace(registry.STARTS["kmeans++"], draw=draw))


def assert_opens(expected: dict[str, Any], experiment: Experiment, view: View, table: Table | None) -> None:
    assert to_address(experiment) == expected["address"]
    shown = {row.key: getattr(view, row.name) for row in VIEW_CHOICES.values()}
    # What there was no choice of yet is usual.
    known = expected["view"] | {"at": expected["at"]}
    since = {row.key: row.default for row in VIEW_CHOICES.values() if row.key not in known}
    assert shown == since | known
    assert view_address(view).keys() == {key for key in known if str_of(shown[key]) != VIEW_DEFAULTS[key]}
    data = data_of(experiment, table)
    assert len(data.points) == expected["points"]
    np.testing.assert_allclose(data.points.sum(axis=0), expected["points_sum"], rtol=1e-12, atol=1e-9)
    run = run_of(experiment, data)
    assert len(run.states) == expected["states"]
    assert run.log_likelihood == pytest.approx(expected["log_likelihood"], rel=1e-9)


def str_of(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else f"{value}".removesuffix(".0")


@pytest.mark.usefixtures("plain_start")
@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_opens_what_it_opened(name: str) -> None:
    expected = ADDRESSES[name]
    opened = from_address(dict(parse_qsl(expected["query"], keep_blank_values=True)))
    assert opened.complaints == expected["complaints"]
    assert list(opened.experiment.hide) == expected["hide"]
    table = file("csv") if opened.experiment.data == UPLOADED else None
    assert_opens(expected, opened.experiment, opened.view, table)


@pytest.mark.usefixtures("plain_start")
@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_file_opens_what_it_opened(name: str) -> None:
    expected, current = SESSIONS[name], Workspace(Experiment())
    content = (FOLDER / f"session-{name}.json").read_bytes()
    open_file(current, "session.json", content, max_bytes=10**8)
    assert current.complaints == expected["complaints"]
    assert (current.file is not None) == expected["has_table"]
    assert current.opens_on == expected["page"]
    table = current.file.table if current.file else None
    assert_opens(expected, current.experiment, current.opening, table)


def test_there_are_ten_of_each() -> None:
    assert len(SESSIONS) == 10 <= len(ADDRESSES)
    assert {path.name for path in FOLDER.glob("session-*")} == {f"session-{name}.json" for name in SESSIONS}
