"""To scikit-learn's estimators and back: the same densities, whatever the covariance type."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from gmm_core import (
    Mixture,
    MixtureError,
    ModelError,
    Noise,
    bic,
    from_sklearn,
    initialize,
    log_density,
    log_likelihood,
    m_step,
    mixture_mean,
    n_parameters,
    predict,
    responsibilities,
    run,
    to_sklearn,
)
from gmm_core.expectation import e_step
from tests.strategies import make_mixture, make_points

TYPES = ("full", "tied", "diag", "spherical")
ESTIMATORS = (GaussianMixture, BayesianGaussianMixture)


def problem(n_dimensions: int) -> tuple[Mixture, np.ndarray]:
    rng = np.random.default_rng(n_dimensions)
    mixture = make_mixture(rng, 3, n_dimensions)
    return mixture, make_points(rng, mixture, 400)


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
def test_there_and_back(n_dimensions: int, covariance_type: str) -> None:
    mixture, points = problem(n_dimensions)
    mixture = m_step(e_step(points, mixture).moments, family=covariance_type)
    estimator = to_sklearn(mixture, covariance_type)
    assert isinstance(estimator, GaussianMixture)
    assert estimator.predict_proba(points) == pytest.approx(responsibilities(points, mixture), abs=1e-10)
    assert estimator.score_samples(points) == pytest.approx(log_density(points, mixture), abs=1e-10)
    assert np.array_equal(estimator.predict(points), predict(points, mixture))
    free = n_parameters(covariance_type, 3, n_dimensions)
    assert estimator.bic(points) == pytest.approx(bic(log_likelihood(points, mixture), free, len(points)))
    back = from_sklearn(estimator)
    for name in ("weights", "means", "covariances"):
        assert getattr(back, name) == pytest.approx(getattr(mixture, name), rel=1e-14)


def test_its_sample_comes_from_the_mixture() -> None:
    mixture, _ = problem(2)
    estimator = to_sklearn(mixture).set_params(random_state=0)
    drawn = estimator.sample(40_000)[0]
    assert np.abs(drawn.mean(axis=0) - mixture_mean(mixture)).max() < 5 * drawn.std() / 200


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("estimator_type", ESTIMATORS)
@pytest.mark.parametrize("n_dimensions", [1, 3])
def test_what_scikit_learn_fitted(estimator_type: Any, covariance_type: str, n_dimensions: int) -> None:
    points = problem(n_dimensions)[1]
    fitted = estimator_type(
        n_components=3, covariance_type=covariance_type, random_state=0, max_iter=1000
    ).fit(points)
    mixture = from_sklearn(fitted)
    assert mixture.means == pytest.approx(fitted.means_, rel=1e-15)
    # The density of what it reports, by its own arithmetic.
    plain = GaussianMixture(3, covariance_type=covariance_type)
    plain.weights_, plain.means_ = fitted.weights_, fitted.means_
    plain.precisions_cholesky_ = to_sklearn(mixture, covariance_type).precisions_cholesky_
    assert plain.score_samples(points) == pytest.approx(log_density(points, mixture), abs=1e-10)
    if estimator_type is GaussianMixture:
        assert fitted.predict_proba(points) == pytest.approx(responsibilities(points, mixture), abs=1e-10)
        assert fitted.score_samples(points) == pytest.approx(log_density(points, mixture), abs=1e-10)
        assert to_sklearn(mixture, covariance_type).covariances_ == pytest.approx(fitted.covariances_)


def test_a_stick_breaking_fit_and_one_of_single_precision() -> None:
    points = problem(2)[1]
    broken = BayesianGaussianMixture(
        n_components=5, weight_concentration_prior_type="dirichlet_process", random_state=0
    )
    mixture = from_sklearn(broken.set_params(max_iter=5000).fit(points))
    assert mixture.weights == pytest.approx(broken.weights_, rel=1e-12)
    single = GaussianMixture(2, random_state=0).fit(points.astype(np.float32))
    assert from_sklearn(single).means == pytest.approx(single.means_)


def test_its_fit_begins_where_the_mixture_stands() -> None:
    """One step of theirs from there, E then M, is one of ours."""
    points = problem(2)[1]
    begin = initialize(points, 3, rng=0)
    estimator = clone(to_sklearn(begin)).set_params(max_iter=1, reg_covar=0.0)
    ours = run(points, begin, max_steps=1).mixture
    with pytest.warns(ConvergenceWarning):
        estimator.fit(points)
    assert estimator.means_ == pytest.approx(ours.means, rel=1e-9)
    assert estimator.covariances_ == pytest.approx(ours.covariances, rel=1e-9)


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, gmm_core; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_scikit_learn_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sklearn", "sklearn.mixture"):
        monkeypatch.setitem(sys.modules, name, None)
    for call in (lambda: to_sklearn(problem(2)[0]), lambda: from_sklearn(3)):
        with pytest.raises(ModelError, match=r"^scikit-learn is not installed; .*\.$"):
            call()


@pytest.mark.parametrize("estimator_type", ESTIMATORS)
def test_what_is_not_fitted_is_refused(estimator_type: Any) -> None:
    with pytest.raises(ModelError, match=r"^The estimator is not fitted, .*; call its fit"):
        from_sklearn(estimator_type(n_components=2))


@pytest.mark.parametrize("estimator", [None, 3, GaussianMixture, "text", problem(1)[0]])
def test_what_is_no_mixture_of_theirs_is_refused(estimator: Any) -> None:
    with pytest.raises(ModelError, match=r"^The estimator must be scikit-learn's .*; give one of these"):
        from_sklearn(estimator)


def test_what_scikit_learn_does_not_know_is_refused() -> None:
    mixture = problem(2)[0]
    for covariance_type in ("tied", "diag", "spherical"):
        with pytest.raises(ModelError, match=r"^The covariances are not of the type .*; take 'full'"):
            to_sklearn(mixture, covariance_type)
    with pytest.raises(ModelError, match=r"^There is no covariance type 'VVV'; choose one of full, "):
        to_sklearn(mixture, "VVV")
    with pytest.raises(ModelError, match=r"no binary columns; take marginal"):
        to_sklearn(Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[[0.5]]))
    with pytest.raises(MixtureError, match=r"^Noise has a volume but no place"):
        to_sklearn(Mixture([0.9], [[0.0]], [[[1.0]]], Noise(0.1, 9.0)))
