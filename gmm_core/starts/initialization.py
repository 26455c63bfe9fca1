"""Named starting points for EM: where the components stand before anything has been learned.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral
from types import MappingProxyType
from typing import Any

import numpy as np

from gmm_core import kmeans
from gmm_core.collapse import EPSILON, ComponentCollapsedError
from gmm_core.em import m_step
from gmm_core.families import find_family
from gmm_core.log_joint import chunks
from gmm_core.mixture import Mixture, responsibilities
from gmm_core.moments import Moments, as_responsibilities, overall_covariance, weighted_moments
from gmm_core.points import SMALLEST, Array, PointsError, as_points, as_sample_weights, check_binary, shown
from gmm_core.settings import Seed, as_generator, check_n_components
from gmm_core.starts.seeding import (
    MOST_IN_HIERARCHY,
    PLACES,
    axis_units,
    few_points,
    kmeans_plus_plus,
    ward_labels,
)

# The extent of a flat direction relative to the widest one, so that a start is always a mixture.
FLAT = 1e-3

# Clusters of this many points, drawn at random, lie where those of more would.
ENOUGH = 50_000


class StartError(ValueError):
    """A start that does not exist or lacks what it needs; the text says what to do."""


@dataclass(frozen=True)
class Start:
    """A named way to begin."""

    name: str
    """The `method` of `initialize`."""
    title: str
    """As people say it."""
    sentence: str
    """What it does, in plain words."""
    needs: str | None = None
    """The argument of `initialize` that must be given with it, None when points and K are enough."""
    is_drawn: bool = True
    """Whether another rng begins elsewhere, even with few points."""


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        start.name: start
        for start in (
            Start(
                "kmeans++", "k-means++", "Points drawn one by one, each likely to be far from those before."
            ),
            Start(
                "kmeans", "k-means", "The clusters that K-Means ends with, as centres, shapes and weights."
            ),
            Start("random_points", "Random points", "Means on points drawn at random, wherever they fall."),
            Start("random_parameters", "Random parameters", "Means, shapes and weights all drawn at random."),
            Start("farthest_points", "Farthest points", "Each mean on the point farthest from those before."),
            Start(
                "hierarchical",
                "Hierarchical",
                "The clusters that are left when the two nearest are merged again and again.",
                is_drawn=False,
            ),
            Start("given_means", "Given means", "Means where you put them.", "means", is_drawn=False),
            Start(
                "given_responsibilities",
                "Given responsibilities",
                "The components that fit the shares of the points you give them.",
                "responsibilities",
                is_drawn=False,
            ),
        )
    }
)


def initialize(
    points: Any,
    n_components: int,
    *,
    method: str = "kmeans++",
    family: str = "full",
    rng: Seed,
    means: Any = None,
    responsibilities: Any = None,
    n_binary: int = 0,
    sample_weights: Any = None,
) -> Mixture:
    """A starting mixture of `n_components` for points (N, D), drawn by `method`, a key of STARTS.

    Starts that only place means give every component the same weight and the shape of all points,
    shrunk so that K of them fill the same area; "kmeans" and "hierarchical" take the clusters' own weights
    and shapes. The covariances are of `family`. `means` (K, D) belong to method "given_means" alone, and
    `responsibilities` (N, K) >= 0 to "given_responsibilities": their M-step, where a row of zeros leaves a
    point out. "hierarchical" draws nothing unless there are more points than it can compare.

    With `sample_weights` (N,) every point counts so many times, wherever points are drawn, counted or
    averaged; one of weight 0 might as well be left out.

    The last `n_binary` columns of the points are 0 or 1. They have no say in where the components stand;
    the probabilities are the components' shares of ones.

    Raises PointsError for bad points, weights or responsibilities, an `rng` that is neither a Generator nor a
    seed nor None, K below 1 or above the number of distinct points that weigh anything; StartError for an
    unknown method, one without what it needs, or a component that is given no share of any point; FamilyError
    for an unknown family.
    Source: Ward (1963) for "hierarchical"; Arthur & Vassilvitskii (2007) for "kmeans++"; Gonzalez (1985) for
    "farthest_points".
    """
    rng = as_generator(rng)
    checked = as_points(points)
    numbers, binary = _columns(checked, n_binary)
    weights = as_sample_weights(sample_weights, len(numbers))
    held = slice(None) if weights is None else weights > 0
    numbers, binary = numbers[held], binary[held]
    weights = None if weights is None else weights[held]
    n_components = check_n_components(numbers, n_components)
    find_family(family)
    check_start(method)
    for what, given in {"means": means, "responsibilities": responsibilities}.items():
        if (given is not None) != (STARTS[method].needs == what):
            both = f"{what.capitalize()} go with the start 'given_{what}' and with no other"
            raise StartError(f"{both}; give both or neither.")
    everything = overall_covariance(numbers, weights)
    if method == "given_responsibilities":
        shares = as_responsibilities(responsibilities, len(checked), n_components)[held]
        shares = shares if weights is None else shares * weights[:, None]
        mixture = _from_responsibilities(numbers, everything, shares, family)
        gathered = shares.sum(axis=0), shares.T @ binary
        return _with_binary(mixture, *gathered, binary, weights) if n_binary else mixture
    # Of equal weights the draws are those without any.
    odds = None if weights is None or (weights == weights[0]).all() else weights
    if method == "given_means":
        mixture = _around(everything, _given(numbers, n_components, means), family)
    elif method in PLACES:
        places = PLACES[method](numbers, odds, axis_units(everything), n_components, rng)
        mixture = _around(everything, places, family)
    else:
        mixture = _SHAPES[method](numbers, odds, everything, n_components, family, rng)
    if not n_binary:
        return mixture
    return _with_binary(mixture, *_gathered(numbers, binary, weights, mixture), binary, weights)


def check_start(method: Any) -> None:
    """Raises StartError unless `method` is a key of STARTS."""
    if not isinstance(method, str) or method not in STARTS:
        raise StartError(f"There is no start {shown(method)}; choose one of {', '.join(STARTS)}.")


def _columns(points: Array, n_binary: int) -> tuple[Array, Array]:
    """The numbers (N, D) and the binary values (N, B) of points (N, D + B)."""
    if isinstance(n_binary, bool) or not isinstance(n_binary, Integral) or n_binary < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        said = f"The number of binary columns is {shown(n_binary)}; give a whole number of 0 or more."
        raise PointsError(said)
    n_dimensions = points.shape[1] - n_binary
    if n_dimensions < 1:
        raise PointsError(
            f"Of {points.shape[1]} columns {n_binary} are binary, and a mixture needs numbers to place its "
            "components by; add a column of numbers."
        )
    check_binary(points[:, n_dimensions:])
    return points[:, :n_dimensions], points[:, n_dimensions:]


def _gathered(numbers: Array, binary: Array, weights: Array | None, mixture: Mixture) -> tuple[Array, Array]:
    """(K,) and (K, B): the points that each component holds, and the ones among them."""
    counts = np.zeros(mixture.n_components)
    successes = np.zeros((mixture.n_components, binary.shape[1]))
    held = np.ones(len(numbers)) if weights is None else weights
    for place, values, some in zip(chunks(numbers), chunks(binary), chunks(held), strict=True):
        shares = responsibilities(place, mixture) * some[:, None]
        counts += shares.sum(axis=0)
        successes += shares.T @ values
    return counts, successes


def _with_binary(
    mixture: Mixture, counts: Array, successes: Array, binary: Array, weights: Array | None
) -> Mixture:
    """The mixture with the share of ones of each component in each binary column, as though it held one
    point more, with the share of all points.

    A probability of exactly 0 or 1 would never change again: points with the other value would have no
    density, and so no share, in the component. Half a point of each value keeps the share of all points
    between them too. Where points weigh less than 1 on average, so does that one.
    """
    held = np.ones(len(binary)) if weights is None else weights
    total = float(held.sum())
    more = min(1.0, total / len(binary))
    overall = (held @ binary + 0.5 * more) / (total + more)
    probabilities = (successes + more * overall) / (counts[:, None] + more)
    return Mixture(mixture.weights, mixture.means, mixture.covariances, probabilities=probabilities)


def _given(points: Array, n_components: int, means: Any) -> Array:
    given = as_points(means, points.shape[1])
    if len(given) != n_components:
        raise StartError(f"{len(given)} means were given for {n_components} components; give one for each.")
    return given


def _ridge(everything: Array) -> Array:
    """(D,): the smallest variances that are no reason to add to them."""
    variances = np.diagonal(everything)
    return FLAT**2 * np.where(variances > SMALLEST, variances, variances.max())


def _thinnest(covariances: Array, everything: Array) -> Array:
    """(K,): the smallest eigenvalue of each covariance, where the ridge has 1."""
    # Roots, whose product stays in the range of float64 where that of variances would not.
    extents = np.sqrt(_ridge(everything))
    eigenvalues = np.linalg.eigvalsh(covariances / extents[:, None] / extents)
    return np.asarray(eigenvalues[:, 0], dtype=np.float64)


def _solid(covariances: Array, everything: Array) -> Array:
    """The covariances, with a thin ridge where the points, or a cluster of them, have no extent."""
    flat = _thinnest(covariances, everything) < 1
    return covariances + np.where(flat, 1.0, 0.0)[:, None, None] * np.diag(_ridge(everything))


def _restrict(family: str, covariances: Array, weights: Array, means: Array) -> Mixture:
    """The mixture of `family` nearest to components of these shapes, as its own M-step has it."""
    moments = Moments(weights, means, weights[:, None, None] * covariances)
    return Mixture(weights, means, find_family(family).covariances(moments.counts, moments.scatters))


def _around(everything: Array, means: Array, family: str) -> Mixture:
    n_components, n_dimensions = means.shape
    shrunk = everything * n_components ** (-2.0 / n_dimensions)
    covariances = _solid(np.repeat(shrunk[None], n_components, axis=0), everything)
    weights = np.ones(n_components) / n_components
    return _restrict(family, covariances, weights, means)


def _from_clusters(
    points: Array,
    weights: Array | None,
    everything: Array,
    n_components: int,
    family: str,
    rng: np.random.Generator,
) -> Mixture:
    units = axis_units(everything)
    points, weights = few_points(points, weights, n_components, ENOUGH, rng)
    centres = kmeans_plus_plus(points, weights, units, n_components, rng)
    moments = kmeans.run(points / units, centres / units, sample_weights=weights).states[-1].moments
    covariances = moments.scatters * units[:, None] * units
    return _from_moments(Moments(moments.counts, moments.means * units, covariances), everything, family)


def _from_hierarchy(
    points: Array,
    weights: Array | None,
    everything: Array,
    n_components: int,
    family: str,
    rng: np.random.Generator,
) -> Mixture:
    units = axis_units(everything)
    points, weights = few_points(points, weights, n_components, MOST_IN_HIERARCHY, rng)
    labels = ward_labels(points, weights, units, n_components)
    shares = (labels[:, None] == np.arange(n_components)).astype(np.float64)
    if weights is not None:
        shares *= weights[:, None]
    return _from_moments(weighted_moments(points, shares), everything, family)


def _from_moments(moments: Moments, everything: Array, family: str) -> Mixture:
    """The mixture of the clusters' own weights and shapes, made solid."""
    # An empty cluster cannot be the start of a component: it counts as the lightest of the others.
    held = moments.counts > 0
    counts = np.where(held, moments.counts, moments.counts[held].min())
    covariances = _solid(moments.scatters / counts[:, None, None], everything)
    weights: Array = counts / counts.sum()
    return _restrict(family, covariances, weights, moments.means)


def _from_responsibilities(points: Array, everything: Array, shares: Array, family: str) -> Mixture:
    """The M-step itself wherever there is one."""
    moments = weighted_moments(points, shares)
    counts, total = moments.counts, moments.total
    empty = np.flatnonzero(counts <= EPSILON * total)
    if len(empty):
        raise StartError(
            f"Component {empty[0] + 1} is given no share of any point; give it some, or choose a smaller K."
        )
    try:
        mixture = m_step(moments, family=family)
        if _thinnest(mixture.covariances, everything).min() > EPSILON:
            return mixture
    except ComponentCollapsedError:
        pass
    covariances = _solid(moments.scatters / counts[:, None, None], everything)
    return _restrict(family, covariances, counts / total, moments.means)


def _random_parameters(
    points: Array,
    weights: Array | None,
    everything: Array,
    n_components: int,
    family: str,
    rng: np.random.Generator,
) -> Mixture:
    n_dimensions = points.shape[1]
    shape = _solid(everything[None], everything)[0]
    factor: Array = np.asarray(np.linalg.cholesky(shape), dtype=np.float64)
    centre = np.average(points, axis=0, weights=weights)
    means = centre + rng.standard_normal((n_components, n_dimensions)) @ factor.T
    # A Wishart draw with D + 3 degrees of freedom: of varied size, elongation and tilt, never flat.
    draws = rng.standard_normal((n_components, n_dimensions, n_dimensions + 3)) / np.sqrt(n_dimensions + 3)
    spreads = factor @ draws
    covariances = spreads @ spreads.transpose(0, 2, 1) * n_components ** (-2.0 / n_dimensions)
    weights = rng.dirichlet(np.full(n_components, 5.0))
    return _restrict(family, covariances, weights, means)


# The starts with weights and shapes of their own.
_SHAPES: Mapping[str, Callable[[Array, Array | None, Array, int, str, np.random.Generator], Mixture]] = (
    MappingProxyType(
        {
            "random_parameters": _random_parameters,
            "kmeans": _from_clusters,
            "hierarchical": _from_hierarchy,
        }
    )
)
