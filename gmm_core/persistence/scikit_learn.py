"""Mixtures to scikit-learn's estimators and back; scikit-learn is imported when one of these is called."""

from importlib import import_module
from typing import Any

import numpy as np

from gmm_core.mixture import Mixture, check_mixture, without_noise
from gmm_core.persistence.model_text import ModelError
from gmm_core.points import Array, quoted

_TYPES = ("full", "tied", "diag", "spherical")

# Relative to the variances: by how much covariances may differ from a type's shape and still be called of it.
SAME_SHAPE = 1e-12


def to_sklearn(mixture: Mixture, covariance_type: str = "full") -> Any:
    """A fitted `sklearn.mixture.GaussianMixture` of these parameters: its predict, predict_proba,
    score_samples and sample are those of the mixture.

    The type matters to its `bic` and to its `fit`, which begins at these parameters. Raises ModelError where
    scikit-learn is not installed, for a type that is none of "full", "tied", "diag", "spherical" or that the
    covariances are not of, or for binary columns, which it does not know; MixtureError for noise.

    >>> mixture = Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]])
    >>> to_sklearn(mixture, "tied").predict([[1.0], [3.0]]).tolist()
    [0, 1]
    """
    check_mixture(mixture)
    plain = without_noise(mixture, "what scikit-learn would make of it")
    if plain.probabilities.size:
        raise ModelError(
            "scikit-learn's mixtures have no binary columns; take marginal(mixture, columns) of the others."
        )
    if not isinstance(covariance_type, str) or covariance_type not in _TYPES:  # pyright: ignore[reportUnnecessaryIsInstance]
        known = ", ".join(_TYPES)
        raise ModelError(f"There is no covariance type {quoted(covariance_type)}; choose one of {known}.")
    covariances, roots = _of_type(plain, covariance_type)
    weights, precisions = plain.weights / plain.weights.sum(), _precisions(roots, covariance_type)
    estimator = _sklearn_mixture().GaussianMixture(
        n_components=plain.n_components,
        covariance_type=covariance_type,
        weights_init=weights.copy(),
        means_init=plain.means.copy(),
        precisions_init=precisions.copy(),
    )
    estimator.weights_, estimator.means_ = weights, plain.means.copy()
    estimator.covariances_, estimator.precisions_ = covariances, precisions
    estimator.precisions_cholesky_ = roots
    # What `fit` would have left behind besides; nothing was fitted, so there is no bound.
    estimator.converged_, estimator.n_iter_, estimator.lower_bound_ = True, 0, np.nan
    estimator.n_features_in_ = plain.n_dimensions
    return estimator


def from_sklearn(estimator: Any) -> Mixture:
    """The mixture of a fitted `sklearn.mixture.GaussianMixture` or `BayesianGaussianMixture`, whatever its
    covariance type.

    Of a Bayesian one these are the weights, means and covariances that it reports, each expected for itself;
    its own predict_proba averages over the posterior instead, so `responsibilities` differ a little.

    Raises ModelError where scikit-learn is not installed, or for anything but one of the two, fitted;
    MixtureError for parameters that describe no mixture.

    >>> from sklearn.mixture import GaussianMixture
    >>> from_sklearn(GaussianMixture(covariance_type="spherical").fit([[0.0], [2.0]])).means.round(6).tolist()
    [[1.0]]
    """
    mixtures = _sklearn_mixture()
    if not isinstance(estimator, (mixtures.GaussianMixture, mixtures.BayesianGaussianMixture)):
        raise ModelError(
            f"The estimator must be scikit-learn's GaussianMixture or BayesianGaussianMixture, not "
            f"{quoted(estimator)}; give one of these, fitted."
        )
    fitted: Any = estimator
    if not all(hasattr(fitted, name) for name in ("weights_", "means_", "covariances_")):
        raise ModelError("The estimator is not fitted, so it has no parameters; call its fit(points) first.")
    means = np.asarray(fitted.means_, dtype=np.float64)
    n_components, n_dimensions = means.shape
    covariances = np.asarray(fitted.covariances_, dtype=np.float64)
    if fitted.covariance_type == "tied":
        covariances = np.broadcast_to(covariances, (n_components, n_dimensions, n_dimensions))
    elif fitted.covariance_type in ("diag", "spherical"):
        covariances = covariances.reshape(n_components, -1, 1) * np.eye(n_dimensions)
    # Its weights may be of single precision, and sum to 1 no better than that.
    weights = np.asarray(fitted.weights_, dtype=np.float64)
    return Mixture(weights / weights.sum(), means, 0.5 * (covariances + covariances.transpose(0, 2, 1)))


def _sklearn_mixture() -> Any:
    try:
        # By name, since the core stands without it.
        return import_module("sklearn.mixture")
    except ImportError:
        raise ModelError(
            "scikit-learn is not installed; install it with `pip install scikit-learn`."
        ) from None


def _of_type(mixture: Mixture, covariance_type: str) -> tuple[Array, Array]:
    """The covariances and the roots of the precisions in the layout of a type.

    Raises ModelError when the covariances are not of it.
    """
    covariances, n_dimensions = mixture.covariances, mixture.n_dimensions
    if covariance_type == "full":
        return covariances.copy(), mixture.whiteners.transpose(0, 2, 1).copy()
    variances = np.einsum("kdd->kd", covariances)
    nearest = np.broadcast_to(covariances[:1], covariances.shape)
    if covariance_type == "diag":
        nearest = variances[:, :, None] * np.eye(n_dimensions)
    elif covariance_type == "spherical":
        nearest = variances[:, :1, None] * np.eye(n_dimensions)
    scales = np.sqrt(variances[:, :, None] * variances[:, None, :])
    if (np.abs(covariances - nearest) > SAME_SHAPE * scales).any():
        raise ModelError(
            f"The covariances are not of the type {covariance_type!r}; take 'full', which all are."
        )
    if covariance_type == "tied":
        return covariances[0].copy(), mixture.whiteners[0].T.copy()
    own = variances.copy() if covariance_type == "diag" else variances[:, 0].copy()
    return own, 1.0 / np.sqrt(own)


def _precisions(roots: Array, covariance_type: str) -> Array:
    return roots**2 if covariance_type in ("diag", "spherical") else roots @ roots.swapaxes(-1, -2)
