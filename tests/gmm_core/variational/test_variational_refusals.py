"""What a variational mixture says no to, in one sentence each."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gmm_core import FamilyError, Mixture, MixtureError, PointsError, e_step
from gmm_core.starts import StartError
from gmm_core.variational import (
    VariationalPrior,
    default_variational_prior,
    m_step,
    restart_variational,
    run,
    start,
    step,
)

GOOD = VariationalPrior(0.1, np.zeros(2), 1.0, 3.0, np.eye(2))
ONE = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
POINTS = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [3.0, 3.0]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"concentration": 0.0}, "The prior's concentration is 0.0; give a number above 0, such as 0.001."),
        ({"concentration": np.nan}, "concentration is nan; give a number above 0"),
        ({"shrinkage": 0}, "The prior's shrinkage is 0; give a number above 0."),
        ({"degrees": 1.0}, "The prior has 1.0 degrees of freedom; give more than 1."),
        ({"mean": np.zeros(3)}, "mean has shape (3,) and its scale (2, 2); give (D,) and (D, D)."),
        ({"mean": [0, np.nan]}, "The prior's mean is missing or infinite; give finite numbers."),
        ({"weights": "equal"}, "weights are 'equal'; give 'dirichlet' or 'stick-breaking'."),
        ({"weights": np.ones(2)}, "The prior's weights are array([1., 1.]); give 'dirichlet' or"),
        ({"noise_concentration": 0}, "The prior's noise_concentration is 0; give a number above 0."),
        ({"successes": -1.0}, "The prior's successes is -1.0; give a number above 0."),
        ({"failures": np.inf}, "The prior's failures is inf; give a number above 0."),
        ({"mean": "no"}, "The prior's mean must be a regular array of numbers; check it."),
        ({"scale": [[1, 0.5], [0, 1]]}, "scale is not symmetric and positive definite; give one that is."),
        ({"scale": [[1, 1], [1, 1]]}, "scale is not symmetric and positive definite; give one that is."),
        ({"scale": [[-1, 0], [0, 1]]}, "scale is not symmetric and positive definite; give one that is."),
    ],
)
def test_a_bad_prior_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(MixtureError, match=re.escape(message)):
        replace(GOOD, **changes)


def test_flat_points_have_no_default_prior() -> None:
    for points in ([[0.1, 0.3], [0.2, 0.6], [0.7, 2.1]], [[0.1, 1], [0.1, 2], [0.1, 4]], [[1, 2]]):
        with pytest.raises(MixtureError, match="The points do not spread in every direction; drop columns"):
            default_variational_prior(points)


@pytest.mark.parametrize("tolerance", [-1e-9, np.nan, None])
def test_a_bad_tolerance_is_refused(tolerance: Any) -> None:
    message = f"The tolerance is {tolerance!r}; it is a gain per point, so give 0 or more."
    with pytest.raises(MixtureError, match=re.escape(message)):
        run(POINTS, ONE, tolerance=tolerance)
    with pytest.raises(MixtureError, match=r"The step limit is 0; allow at least 1 step\."):
        run(POINTS, ONE, max_steps=0)


def test_what_does_not_fit_together_is_refused() -> None:
    three = VariationalPrior(0.1, np.zeros(3), 1.0, 3.0, np.eye(3))
    message = re.escape("The prior has 3 dimensions and the points 2; give one for both.")
    with pytest.raises(MixtureError, match=message):
        run(POINTS, ONE, prior=three)
    with pytest.raises(MixtureError, match=message):
        m_step(e_step(POINTS, ONE).moments, three)
    tiny = replace(GOOD, scale=1e-40 * np.eye(2))
    with pytest.raises(MixtureError, match=r"Component 1 has no extent that float64 can carry: .* enlarge"):
        start([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], ONE, tiny)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0.0, np.nan], [1.0, 1.0]], "Row 0 of the points is missing or infinite"),
        ([[0.0], [1.0]], "The points have 1 columns and the mixture 2 dimensions"),
        (np.empty((0, 2)), "There are no points"),
        (iter(POINTS), "An iterator of points can be read only once; give an array."),
    ],
)
def test_bad_points_are_refused(points: Any, message: str) -> None:
    state = start(POINTS, ONE, GOOD)
    with pytest.raises(PointsError, match=message):
        run(points, ONE, prior=GOOD)
    with pytest.raises(PointsError, match=message):
        step(points, state, GOOD)


def test_sample_weights_that_make_no_sense_are_refused() -> None:
    sentence = r"Sample weights must have shape \(4,\), one a point, not \(3,\); give all\."
    for refuse in (
        lambda: run(POINTS, ONE, sample_weights=[1, 2, 3]),
        lambda: start(POINTS, ONE, GOOD, sample_weights=[1, 2, 3]),
        lambda: step(POINTS, start(POINTS, ONE, GOOD), GOOD, sample_weights=[1, 2, 3]),
    ):
        with pytest.raises(PointsError, match=sentence):
            refuse()


@pytest.mark.parametrize("family", ["VEV", "EII", "round", None])
def test_a_family_without_a_variational_mixture_is_refused(family: Any) -> None:
    sentence = (
        r"has no variational mixture; choose one of full, tied, diag, spherical\.|There is no covariance"
    )
    state = start(POINTS, ONE, GOOD)
    for refuse in (
        lambda: run(POINTS, ONE, family=family),
        lambda: start(POINTS, ONE, GOOD, family=family),
        lambda: step(POINTS, state, GOOD, family=family),
        lambda: m_step(state.moments, GOOD, family=family),
        lambda: restart_variational(POINTS, 1, family=family, rng=0),
    ):
        with pytest.raises(FamilyError, match=sentence):
            refuse()


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"n_init": 0}, StartError, "0 starts were asked for; draw at least 1."),
        ({"n_init": "two"}, StartError, "The number of starts must be a whole number, not 'two'; give 1 or"),
        (
            {"noise": 0.1},
            MixtureError,
            "The noise must be a Noise, not 0.1; make one with Noise(amount, volume)",
        ),
        ({"moves": 1}, MixtureError, "The setting 'moves' must be True or False, not 1; give one of them."),
        ({"prior": "flat"}, MixtureError, "The prior must be a VariationalPrior, not 'flat'; make one with"),
        ({"method": "given_means"}, StartError, "given_means"),
    ],
)
def test_restarts_that_make_no_sense_are_refused(settings: Any, error: Any, sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        restart_variational(POINTS, 1, rng=0, **settings)


def test_moves_are_on_or_off() -> None:
    for refuse in (
        lambda: run(POINTS, ONE, moves=None),  # pyright: ignore[reportArgumentType]
        lambda: step(POINTS, start(POINTS, ONE, GOOD), GOOD, moves="yes"),  # pyright: ignore[reportArgumentType]
    ):
        with pytest.raises(MixtureError, match="The setting 'moves' must be True or False, not"):
            refuse()
