"""Which families keep their answer when the points are turned or stretched, and how the panels show it."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import FAMILIES, n_parameters
from gmm_core.families import find_family
from ui import palette
from ui.analysis.family_panels import panels_of
from ui.analysis.fitting import start_of
from ui.data import data_of
from ui.experiment import FOUR, Experiment, parameters
from ui.experiment.transitions import choose_data
from ui.figures.panels import MOST_DRAWN, Panel, panel_figure

ELONGATED = choose_data(Experiment(), "elongated")
# How far a fit goes before it stops hangs on its last digits, and so may the last point.
FINE = replace(ELONGATED, tolerance=1e-10)


def panels(experiment: Experiment) -> dict[str, Panel]:
    found = panels_of(experiment, data_of(experiment, None))
    return dict(zip([*experiment.families, "K-Means"], found, strict=True))


def changed(experiment: Experiment) -> dict[str, int | None]:
    return {name: panel.changed for name, panel in panels(experiment).items()}


def test_unmoved_points_say_nothing_of_change():
    assert set(changed(ELONGATED).values()) == {None}


def test_turned_points_change_diag_alone():
    found = changed(replace(FINE, turn=35.0))
    assert found.pop("diag") > 10
    assert set(found.values()) == {0}


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_so_it_is_from_a_start_that_a_hand_placed(seed):
    data = data_of(replace(ELONGATED, turn=45.0), None)
    given = parameters(start_of(replace(ELONGATED, turn=45.0, start_seed=seed), data))
    found = changed(replace(FINE, turn=45.0, start_mixture=given))
    assert found["full"] == found["tied"] == found["K-Means"] == 0


def test_a_cluster_of_equal_points_keeps_its_colour():
    places = [(0.0, 0.0)] * 20 + [(8.0 + i % 5, float(i % 3)) for i in range(30)]
    drawn = Experiment("draw", added=tuple(places), n_components=2, families=("spherical",), reg_covar=0.1)
    circles = panels(drawn)["K-Means"]
    for k, outline in enumerate(circles.outlines):
        own = np.array(places)[circles.labels == k]
        assert len(outline) == 0 or np.allclose(outline[:-1].mean(axis=0), own.mean(axis=0))
    assert sorted(len(outline) > 0 for outline in circles.outlines) == [False, True]


def test_stretched_points_change_circles_alone():
    found = changed(replace(FINE, stretch=5.0))
    assert found.pop("spherical") > 10
    assert found.pop("K-Means") > 10
    assert set(found.values()) == {0}


@pytest.mark.parametrize("family", ["EEE", "VEE", "EVV", "VVV"])
def test_families_that_every_map_takes_into_themselves_keep_their_answers(family):
    moved = replace(FINE, turn=20.0, stretch=3.0, families=(find_family(family).name,))
    assert next(iter(changed(moved).values())) == 0


def test_the_facts_are_those_of_the_fit():
    found = panels(ELONGATED)
    for family in FOUR:
        assert f"{n_parameters(family, 3, 2)} parameters" in found[family].facts[0]
        assert FAMILIES[family].letters in found[family].title
        assert len(found[family].outlines) == 3
    assert found["K-Means"].facts[0] == "6 parameters"


def test_the_figure_of_a_panel():
    turned = replace(ELONGATED, turn=35.0)
    points = data_of(turned, None).points
    for panel in panels(turned).values():
        figure = panel_figure(points, panel, equal=True)
        title = figure.layout.title.text
        assert panel.title in title
        assert all(fact in title for fact in panel.facts)
        assert ("the same answer" in title) == (panel.changed == 0)
        assert ("points change" in title) == bool(panel.changed)
        markers = [trace for trace in figure.data if trace.mode == "markers"]
        assert sum(len(trace.x) for trace in markers) == len(points)
        assert {trace.marker.color for trace in markers} == set(palette.COMPONENTS[:3])
        assert figure.layout.yaxis.scaleanchor == "x"
        assert panel_figure(points, panel, equal=False).layout.yaxis.scaleanchor is None


def test_many_points_are_thinned():
    points = np.random.default_rng(0).standard_normal((3 * MOST_DRAWN, 2))
    labels = (points[:, 0] > 0).astype(np.int64)
    figure = panel_figure(points, Panel("a", ("b",), labels, []), equal=True)
    assert sum(len(trace.x) for trace in figure.data) == MOST_DRAWN
