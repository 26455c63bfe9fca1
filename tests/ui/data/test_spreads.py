"""Where the units of the columns decide, and only there is standardising offered."""

from dataclasses import replace

import numpy as np
import pytest

import gmm_core
from gmm_core import FAMILIES
from ui.data import Data, data_of
from ui.data.spreads import depends_on_units, said_of_units
from ui.experiment import DRAWN, Experiment
from ui.experiment.transitions import choose_data

RNG = np.random.default_rng(0)
SHAPES = ([[2, 1], [0, 0.5]], [[0.4, -0.3], [0, 1]], [[1, 0], [0, 1]])
POINTS = np.vstack([RNG.normal(size=(150, 2)) @ shape + [3 * i, i * i] for i, shape in enumerate(SHAPES)])
LABELS = np.repeat(np.arange(3), 150)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_depends_on_units_if_a_stretched_fit_is_another(family):
    shares = (LABELS[:, None] == np.arange(3)).astype(float)
    stretch = np.diag([1.0, 7.0])
    fitted = gmm_core.m_step(gmm_core.expected_moments(POINTS, shares), family=family).covariances
    stretched = gmm_core.m_step(gmm_core.expected_moments(POINTS @ stretch, shares), family=family)
    same = np.allclose(stretched.covariances, stretch @ fitted @ stretch, rtol=1e-3)
    assert depends_on_units(family) == (not same)


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_said_of_the_families_that_depend_on_units_alone(family):
    experiment = replace(choose_data(Experiment(), "old_faithful"), family=family)
    data = data_of(experiment, None)
    assert bool(said_of_units(experiment, data)) == depends_on_units(family)
    with_kmeans = said_of_units(experiment, data, kmeans=True)
    assert with_kmeans.startswith(
        "Wait until the next eruption (minutes) spreads 10.5 times as wide as Eruption"
    )
    assert ("K-Means and" in with_kmeans) == depends_on_units(family)
    standardised = replace(experiment, standardise=True)
    assert said_of_units(standardised, data_of(standardised, None), kmeans=True) == ""


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (POINTS, False),
        (POINTS * [1, 50], True),
        (np.vstack([POINTS, [[1e6, 0]]]), False),
        (POINTS * [1, 0], False),
        (np.where(RNG.random((450, 1)) < 0.7, 0.0, POINTS) * [1, 1000], True),
        (POINTS * 1e307 * [1, 1e-9], True),
        (POINTS[:0], False),
    ],
)
def test_outliers_and_constants_have_no_say(points, says):
    experiment = Experiment(family="spherical")
    assert bool(said_of_units(experiment, Data(points))) is says
    assert said_of_units(replace(experiment, data=DRAWN), Data(points)) == ""
    assert said_of_units(replace(experiment, stretch=2.0), Data(points)) == ""
