"""From places, clusters or responsibilities to mixtures: the weights and shapes of a start.

Every start is a mixture of its family, and solid: where the points or a cluster of them have no extent a thin
ridge takes its place.
"""

import numpy as np

from gmm_core import kmeans
from gmm_core.collapse import ComponentCollapsedError, check_covariances
from gmm_core.families import find_family
from gmm_core.mixture import Mixture, mixture_unchecked
from gmm_core.moments import Moments, weighted_moments
from gmm_core.points import Array
from gmm_core.precision import EPSILON, SMALLEST
from gmm_core.starts.hierarchy import MOST_IN_HIERARCHY, ward_labels
from gmm_core.starts.request import StartError, StartRequest
from gmm_core.starts.seeding import kmeans_plus_plus

# The extent of a flat direction relative to the widest one.
FLAT_EXTENT = 1e-3

# Of more points than this so many are drawn at random: their clusters lie in the same places.
MOST_IN_CLUSTERS = 50_000


def around(request: StartRequest, means: Array) -> Mixture:
    """Components at means (K, D): of equal weights, and of the shape of all points, shrunk so that K of them
    fill the same area."""
    n_components, n_dimensions = means.shape
    shrunk = request.covariance * n_components ** (-2.0 / n_dimensions)
    covariances = _solid(np.repeat(shrunk[None], n_components, axis=0), request.covariance)
    weights = np.ones(n_components) / n_components
    return _restrict(request.family, covariances, weights, means)


def kmeans_clusters(request: StartRequest) -> Mixture:
    """The clusters that K-Means ends with, from centres of k-means++."""
    few, units = request.thinned(MOST_IN_CLUSTERS), request.units
    centres = kmeans_plus_plus(few)
    moments = kmeans.run(few.points / units, centres / units, sample_weights=few.weights).states[-1].moments
    scatters = moments.scatters * units[:, None] * units
    return _from_clusters(request, Moments(moments.counts, moments.means * units, scatters))


def hierarchical_clusters(request: StartRequest) -> Mixture:
    """The clusters of Ward's hierarchy. Source: Ward (1963)."""
    few = request.thinned(MOST_IN_HIERARCHY)
    labels = ward_labels(few.points, few.weights, few.units, few.n_components)
    shares = (labels[:, None] == np.arange(few.n_components)).astype(np.float64)
    if few.weights is not None:
        shares *= few.weights[:, None]
    return _from_clusters(request, weighted_moments(few.points, shares))


def given_responsibilities(request: StartRequest) -> Mixture:
    """The M-step of the responsibilities that are given, wherever there is one.

    Raises StartError for a component that is given no share of any point.
    """
    assert request.shares is not None
    moments = weighted_moments(request.points, request.shares)
    counts, total = moments.counts, moments.total
    empty = np.flatnonzero(counts <= EPSILON * total)
    if len(empty):
        raise StartError(
            f"Component {empty[0] + 1} is given no share of any point; give it some, or choose a smaller K."
        )
    covariances = find_family(request.family).covariances(counts, moments.scatters)
    try:
        check_covariances(moments, covariances)
        if _thinnest(covariances, request.covariance).min() > EPSILON:
            return mixture_unchecked(
                counts / total, moments.means, covariances, None, np.empty((len(counts), 0))
            )
    except ComponentCollapsedError:
        pass
    covariances = _solid(moments.scatters / counts[:, None, None], request.covariance)
    return _restrict(request.family, covariances, counts / total, moments.means)


def random_parameters(request: StartRequest) -> Mixture:
    """Means, shapes and weights all drawn at random, as wide as the points."""
    n_dimensions, n_components, rng = request.points.shape[1], request.n_components, request.rng
    shape = _solid(request.covariance[None], request.covariance)[0]
    factor: Array = np.asarray(np.linalg.cholesky(shape), dtype=np.float64)
    centre = np.average(request.points, axis=0, weights=request.weights)
    means = centre + rng.standard_normal((n_components, n_dimensions)) @ factor.T
    # A Wishart draw with D + 3 degrees of freedom: of varied size, elongation and tilt, never flat.
    draws = rng.standard_normal((n_components, n_dimensions, n_dimensions + 3)) / np.sqrt(n_dimensions + 3)
    spreads = factor @ draws
    covariances = spreads @ spreads.transpose(0, 2, 1) * n_components ** (-2.0 / n_dimensions)
    weights = rng.dirichlet(np.full(n_components, 5.0))
    return _restrict(request.family, covariances, weights, means)


def _from_clusters(request: StartRequest, moments: Moments) -> Mixture:
    """The mixture of the clusters' own weights and shapes, made solid."""
    # An empty cluster cannot be the start of a component: it counts as the lightest of the others.
    held = moments.counts > 0
    counts = np.where(held, moments.counts, moments.counts[held].min())
    covariances = _solid(moments.scatters / counts[:, None, None], request.covariance)
    weights: Array = counts / counts.sum()
    return _restrict(request.family, covariances, weights, moments.means)


def _ridge(overall: Array) -> Array:
    """(D,): the smallest variances that are no reason to add to them."""
    variances = np.diagonal(overall)
    return FLAT_EXTENT**2 * np.where(variances > SMALLEST, variances, variances.max())


def _thinnest(covariances: Array, overall: Array) -> Array:
    """(K,): the smallest eigenvalue of each covariance, where the ridge has 1."""
    # Standard deviations, whose products stay in the range of float64 where those of variances would not.
    extents = np.sqrt(_ridge(overall))
    eigenvalues = np.linalg.eigvalsh(covariances / extents[:, None] / extents)
    return np.asarray(eigenvalues[:, 0], dtype=np.float64)


def _solid(covariances: Array, overall: Array) -> Array:
    """The covariances, with a thin ridge where the points, or a cluster of them, have no extent."""
    flat = _thinnest(covariances, overall) < 1
    return covariances + np.where(flat, 1.0, 0.0)[:, None, None] * np.diag(_ridge(overall))


def _restrict(family: str, covariances: Array, weights: Array, means: Array) -> Mixture:
    """The mixture of `family` nearest to components of these shapes, as its own M-step has it."""
    moments = Moments(weights, means, weights[:, None, None] * covariances)
    return Mixture(weights, means, find_family(family).covariances(moments.counts, moments.scatters))
