"""The variational mixture against scikit-learn's BayesianGaussianMixture: its numbers, step by step, in every
mode, and what its own tests ask of it, through a thin adapter.

Where conventions differ:
- The families are its covariance types: the beliefs about precisions are Wishart, with scales of the type.
  That is one model and four families of beliefs, not four models.
- Its covariances_ are scales / degrees, as here. Of a tied mixture it keeps one, here there are K equal ones.
- Its covariance prior has the shape of the type; here it is a matrix, of which the family takes its part.
- Its concentrations of a Dirichlet process are pairs of Beta parameters; here concentrations and rests.
- Its bound lacks constants, and the responsibilities are older than the rest: only its rise can be tested.
- It adds 10 eps to counts, so that numbers agree to some 1e-9.
- Its default concentration is 1 / K, and its default prior counts one point, with D degrees of freedom.
"""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from scipy.special import gammaln
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import BayesianGaussianMixture

from gmm_core import Mixture, MixtureError, Moments, initialize, responsibilities
from gmm_core.log_joint import log_joint, share_out
from gmm_core.points import Array
from gmm_core.variational import (
    VARIATIONAL_FAMILIES,
    WEIGHT_PRIORS,
    Posterior,
    VariationalPrior,
    VariationalState,
    default_variational_prior,
    divergence,
    iterate,
    m_step,
    run,
    start,
)
from gmm_core.variational.bound import fit
from gmm_core.variational.weights import believed
from tests.strategies import make_mixture, make_points

THEIR_PRIOR = {"dirichlet": "dirichlet_distribution", "stick-breaking": "dirichlet_process"}

every_family = pytest.mark.parametrize("family", VARIATIONAL_FAMILIES)
every_prior = pytest.mark.parametrize("weights", WEIGHT_PRIORS)


# The same numbers


class _FromShares(BayesianGaussianMixture):
    """scikit-learn's, from given responsibilities."""

    shares: Array

    def _initialize_parameters(self, X: Any, *_: Any, **__: Any) -> None:
        self._initialize(X, self.shares)


def theirs(
    points: Array, shares: Array, prior: VariationalPrior, family: str, n_steps: int
) -> BayesianGaussianMixture:
    scale = prior.of_family(family).scale
    model = _FromShares(
        n_components=shares.shape[1],
        covariance_type=family,
        weight_concentration_prior_type=THEIR_PRIOR[prior.weights],
        weight_concentration_prior=prior.concentration,
        mean_precision_prior=prior.shrinkage,
        mean_prior=prior.mean,
        degrees_of_freedom_prior=prior.degrees,
        covariance_prior={"diag": np.diag(scale), "spherical": scale[0, 0]}.get(family, scale),
        reg_covar=0.0,
        tol=0.0,
        max_iter=n_steps,
    )
    model.shares = shares
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points)


def as_matrices(model: BayesianGaussianMixture, n_dimensions: int) -> Array:
    """(K, D, D)."""
    covariances, axes = model.covariances_, np.eye(n_dimensions)
    if model.covariance_type == "tied":
        return np.repeat(covariances[None], model.n_components, axis=0)
    if model.covariance_type == "diag":
        return covariances[:, :, None] * axes
    return covariances[:, None, None] * axes if model.covariance_type == "spherical" else covariances


@every_family
@every_prior
@pytest.mark.parametrize(("n_components", "n_dimensions"), [(3, 1), (4, 2), (5, 4)])
def test_the_steps_are_those_of_scikit_learn(
    family: str, weights: str, n_components: int, n_dimensions: int
) -> None:
    rng = np.random.default_rng(n_components)
    mixture = make_mixture(rng, n_components, n_dimensions)
    points = make_points(rng, mixture, 200)
    shares = responsibilities(points, mixture)
    mean, scale = np.full(n_dimensions, 0.7), 0.3 * np.eye(n_dimensions) + 0.1
    prior = VariationalPrior(0.4, mean, 0.4, n_dimensions + 0.5, scale, weights)
    states = iterate(points, mixture, prior, family=family)
    for state, _ in zip(states, range(6), strict=False):
        if state.iteration not in (0, 1, 5):
            continue
        model = theirs(points, shares, prior, family, state.iteration)
        ours = state.mixture
        np.testing.assert_allclose(ours.weights, model.weights_, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(ours.means, model.means_, rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(ours.covariances, as_matrices(model, n_dimensions), rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(
            state.posterior.degrees, np.broadcast_to(model.degrees_of_freedom_, n_components)
        )
        np.testing.assert_allclose(state.posterior.shrinkages, model.mean_precision_)
        held = model.weight_concentration_
        firsts, rests = held if weights == "stick-breaking" else (held, None)
        np.testing.assert_allclose(state.posterior.concentrations, firsts, rtol=1e-8)
        if state.posterior.rests is not None:
            np.testing.assert_allclose(state.posterior.rests, rests, rtol=1e-8)
        np.testing.assert_allclose(shares_of_points(points, state), model.predict_proba(points), atol=1e-8)


def shares_of_points(points: Array, state: VariationalState) -> Array:
    """(N, K): by the expected log-joint, as predict_proba has it."""
    return share_out(log_joint(points, state.posterior.log_joint))[0].T


# What its tests ask for


@dataclass
class Adapter:
    """As much of scikit-learn's estimator as its tests of results touch."""

    n_components: int = 1
    covariance_type: str = "full"
    weight_prior: str = "stick-breaking"
    concentration: float | None = None
    mean_precision: float = 1.0
    mean: Any = None
    degrees: float | None = None
    scale: Any = None
    tolerance: float = 1e-3
    max_iter: int = 100
    n_init: int = 1
    seed: int = 0
    moves: bool = False
    state: VariationalState = field(init=False)
    converged: bool = field(init=False, default=False)
    prior: VariationalPrior = field(init=False)

    def begin(self, points: Array, seed: int = 0) -> Mixture:
        """The prior, with scikit-learn's defaults, and the start."""
        own, n_dimensions = default_variational_prior(points), points.shape[1]
        scale = own.scale if self.scale is None else np.asarray(self.scale, dtype=np.float64)
        axes = np.eye(n_dimensions)
        self.prior = VariationalPrior(
            1.0 / self.n_components if self.concentration is None else self.concentration,
            own.mean if self.mean is None else self.mean,
            self.mean_precision,
            n_dimensions if self.degrees is None else self.degrees,
            scale if scale.ndim == 2 else scale * axes,
            self.weight_prior,
        )
        return initialize(points, self.n_components, method="kmeans", rng=seed)

    def fit(self, points: Array) -> "Adapter":
        settings: Any = {"family": self.covariance_type, "moves": self.moves}
        runs = []
        for seed in range(self.seed, self.seed + self.n_init):
            mixture = self.begin(points, seed)
            settings |= {"tolerance": self.tolerance, "max_steps": self.max_iter, "prior": self.prior}
            runs.append(run(points, mixture, **settings))
        best = max(runs, key=lambda one: one.lower_bound)
        self.state, self.converged = best.states[-1], not best.is_unfinished
        return self

    @property
    def posterior(self) -> Posterior:
        return self.state.posterior

    def predict_proba(self, points: Array) -> Array:
        return shares_of_points(points, self.state)

    def predict(self, points: Array) -> Any:
        return self.predict_proba(points).argmax(axis=1)

    def fit_predict(self, points: Array) -> Any:
        return self.fit(points).predict(points)


def data_of(family: str, scale: float, n_points: int = 400) -> tuple[Array, Any]:
    """Two well separated components of the family, and whose each point is."""
    rng = np.random.default_rng(0)
    root = scale * rng.random((2, 2, 2))
    covariances = root @ root.transpose(0, 2, 1) + 1e-2 * np.eye(2)
    covariances = {
        "full": covariances,
        "tied": covariances[[0, 0]],
        "diag": covariances * np.eye(2),
        "spherical": covariances[:, :1, :1] * np.eye(2),
    }[family]
    labels = np.arange(n_points) % 2
    factors = np.linalg.cholesky(covariances)
    centres = np.array([[0.0, 0.0], [20.0, -15.0]]) * max(1.0, scale / 3.0)
    standard = rng.standard_normal((n_points, 2))
    return centres[labels] + np.einsum("nij,nj->ni", factors[labels], standard), labels


RANDOM = np.random.default_rng(0).random((10, 2))


def log_beta_function(concentrations: Array) -> float:
    return float(gammaln(concentrations).sum() - gammaln(concentrations.sum()))


def test_the_divergence_of_weights_has_the_norm_of_a_dirichlet() -> None:
    """test_log_dirichlet_norm: the log of the normaliser is gammaln(sum) - sum gammaln."""
    given = np.random.default_rng(0).random(2)
    assert believed(np.zeros(2), prior_of(0.3), False).log_normaliser == pytest.approx(
        log_beta_function(np.full(2, 0.3)), rel=1e-12
    )
    counts = 5.0 * given
    weights = believed(counts, prior_of(0.3), False)
    np.testing.assert_allclose(weights.firsts, 0.3 + counts, rtol=1e-14)
    assert weights.log_normaliser == pytest.approx(log_beta_function(0.3 + counts), rel=1e-12)


def prior_of(concentration: float, degrees: float = 3.0, n_dimensions: int = 2) -> VariationalPrior:
    return VariationalPrior(concentration, np.zeros(n_dimensions), 1.0, degrees, np.eye(n_dimensions))


def log_wishart_norm(degrees: float, scale: Array) -> float:
    """Of Bishop's eq. B.79, 1 / B(W, nu), with the inverse of W for the scale."""
    halves = 0.5 * (degrees - np.arange(len(scale)))
    n_dimensions = len(scale)
    constant = 0.5 * degrees * n_dimensions * np.log(2) + 0.25 * n_dimensions * (n_dimensions - 1) * np.log(
        np.pi
    )
    return float(constant + gammaln(halves).sum() - 0.5 * degrees * np.linalg.slogdet(scale)[1])


@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 5])
def test_the_divergence_of_precisions_has_the_norm_of_a_wishart(n_dimensions: int) -> None:
    """test_log_wishart_norm: right after an M-step fit - divergence is the log of the normalisers."""
    rng = np.random.default_rng(n_dimensions)
    points = rng.standard_normal((40, n_dimensions))
    prior = prior_of(0.5, n_dimensions + 2.0, n_dimensions)
    counts, mean = 40.0, points.mean(axis=0)
    scatter = (points - mean).T @ (points - mean)
    moments = Moments(np.array([counts]), mean[None], scatter[None])
    posterior = m_step(moments, prior)
    reached = fit(moments, posterior.log_joint) - divergence(posterior, prior)
    between = prior.shrinkage * counts / (prior.shrinkage + counts) * np.outer(mean, mean)
    expected = log_wishart_norm(prior.degrees + counts, prior.scale + scatter + between)
    expected -= log_wishart_norm(prior.degrees, prior.scale)
    expected += 0.5 * n_dimensions * np.log(prior.shrinkage / (prior.shrinkage + counts))
    expected -= 0.5 * n_dimensions * counts * np.log(2 * np.pi)
    assert reached == pytest.approx(expected, rel=1e-12)


def test_the_priors_of_weights_and_means_are_those_given_or_its_defaults() -> None:
    """test_bayesian_mixture_weights_prior_initialisation, test_bayesian_mixture_mean_prior_initialisation."""
    model = Adapter(5)
    model.begin(RANDOM)
    assert model.prior.concentration == 1 / 5
    assert model.prior.shrinkage == 1.0
    np.testing.assert_allclose(model.prior.mean, RANDOM.mean(axis=0))
    own = Adapter(3, concentration=0.3, mean_precision=0.7, mean=[0.2, 0.9]).fit(RANDOM)
    assert (own.prior.concentration, own.prior.shrinkage, own.prior.mean.tolist()) == (0.3, 0.7, [0.2, 0.9])


@every_family
def test_the_priors_of_precisions_are_those_given_or_its_defaults(family: str) -> None:
    """test_bayesian_mixture_precisions_prior_initialisation."""
    with pytest.raises(MixtureError, match=r"degrees of freedom; give more than 1\."):
        Adapter(degrees=1.0).fit(RANDOM)
    covariance = np.cov(RANDOM.T)
    given = {
        "full": covariance + 10 * np.eye(2),
        "tied": covariance + 5 * np.eye(2),
        "diag": np.diag(covariance) + 3,
        "spherical": 0.4,
    }[family]
    for scale, expected in ((given, given), (None, covariance)):
        model = Adapter(covariance_type=family, degrees=1.6, scale=scale).fit(RANDOM)
        assert model.prior.degrees == 1.6
        kept = model.prior.of_family(family).scale
        if family == "spherical":
            expected = np.diag(expected).mean() if np.ndim(expected) else expected
            assert kept[0, 0] == pytest.approx(expected)
            continue
        both = kept if family in ("full", "tied") else np.diag(kept)
        expected = np.diag(expected) if family == "diag" and np.ndim(expected) == 2 else expected
        np.testing.assert_allclose(both, expected)


def test_the_weights_follow_from_the_concentrations() -> None:
    """test_bayesian_mixture_weights."""
    plain = Adapter(3, weight_prior="dirichlet").fit(RANDOM)
    held = plain.posterior.concentrations
    np.testing.assert_allclose(plain.state.mixture.weights, held / held.sum())
    stick = Adapter(3).fit(RANDOM)
    firsts, rests = stick.posterior.concentrations, stick.posterior.rests
    assert rests is not None
    left = np.append(1.0, np.cumprod((rests / (firsts + rests))[:-1]))
    expected = firsts / (firsts + rests) * left
    np.testing.assert_allclose(stick.state.mixture.weights, expected / expected.sum())


@every_family
@every_prior
@pytest.mark.parametrize("moves", [False, True])
def test_the_bound_rises_until_it_converges(family: str, weights: str, moves: bool) -> None:
    """test_monotonic_likelihood."""
    points, _ = data_of(family, 20.0)
    model = Adapter(4, family, weights, max_iter=600, tolerance=1e-5, moves=moves)
    mixture = model.begin(points)
    result = run(
        points, mixture, prior=model.prior, family=family, moves=moves, tolerance=1e-5, max_steps=600
    )
    bounds = np.array([state.lower_bound for state in result.states])
    assert (np.diff(bounds) >= -1e-12 * np.abs(bounds[1:])).all()
    assert not result.is_unfinished


@every_prior
def test_the_families_take_their_parts_of_the_full_scales(weights: str) -> None:
    """test_compare_covar_type."""
    points, _ = data_of("full", 7.0)
    scales = {}
    for family in VARIATIONAL_FAMILIES:
        model = Adapter(4, family, weights)
        mixture = model.begin(points)
        scales[family] = start(points, mixture, model.prior, family=family).posterior.scales
    full = scales["full"]
    np.testing.assert_allclose(scales["tied"], np.repeat(full.mean(axis=0)[None], 4, axis=0))
    np.testing.assert_allclose(scales["diag"], full * np.eye(2))
    means = np.einsum("kdd->k", full) / 2
    np.testing.assert_allclose(scales["spherical"], means[:, None, None] * np.eye(2))


@every_family
def test_covariances_and_precisions_are_inverses(family: str) -> None:
    """test_check_covariance_precision: of the expected log-joint, whose whiteners are precisions' roots."""
    points, _ = data_of(family, 7.0)
    state = Adapter(4, family).fit(points).state
    whiteners = state.posterior.log_joint.whiteners
    products = state.mixture.covariances @ whiteners.transpose(0, 2, 1) @ whiteners
    np.testing.assert_allclose(products, np.repeat(np.eye(2)[None], 4, axis=0), atol=1e-9)


@every_family
@every_prior
def test_a_translation_of_the_points_moves_the_means_alone(family: str, weights: str) -> None:
    """test_invariant_translation."""
    points, _ = data_of(family, 100.0)
    here, there = (Adapter(4, family, weights).fit(points + offset).state.mixture for offset in (0, 100))
    np.testing.assert_allclose(there.means - 100, here.means, atol=1e-6)
    np.testing.assert_allclose(there.weights, here.weights, atol=1e-8)
    np.testing.assert_allclose(there.covariances, here.covariances, rtol=1e-7, atol=1e-7)


@every_family
@pytest.mark.parametrize(("max_iter", "tolerance"), [(2, 1e-7), (2, 0.1), (300, 1e-7), (300, 0.1)])
def test_a_fit_predicts_what_its_shares_say(family: str, max_iter: int, tolerance: float) -> None:
    """test_bayesian_mixture_fit_predict, and with several starts test_bayesian_mixture_fit_predict_n_init."""
    points, _ = data_of(family, 7.0, 50)
    for n_init in (1, 3):
        settings: Any = {"max_iter": max_iter, "tolerance": tolerance, "n_init": n_init}
        first, second = (Adapter(4, family, **settings) for _ in range(2))
        assert np.array_equal(first.fit(points).predict(points), second.fit_predict(points))


@every_family
@every_prior
@pytest.mark.parametrize("moves", [False, True])
def test_what_is_predicted_is_the_largest_share_and_right(family: str, weights: str, moves: bool) -> None:
    """test_bayesian_mixture_predict_predict_proba."""
    points, labels = data_of(family, 3.0)
    model = Adapter(2, family, weights, moves=moves).fit(points)
    shares = model.predict_proba(points)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert np.array_equal(model.predict(points), shares.argmax(axis=1))
    assert adjusted_rand_score(labels, model.predict(points)) >= 0.95
