"""Named starting points: where the components stand before anything has been learned.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import ArrayLike

from gmm_core.families import find_family
from gmm_core.mixture import Mixture
from gmm_core.moments import as_responsibilities, overall_covariance
from gmm_core.points import as_points, as_sample_weights, split_columns
from gmm_core.settings import Seed, as_generator, check_n_components
from gmm_core.starts.binary import gathered, with_binary
from gmm_core.starts.registry import Start, find_start
from gmm_core.starts.request import StartError, StartRequest
from gmm_core.starts.shapes import around


def initialize(
    points: ArrayLike,
    n_components: int,
    *,
    method: str = "kmeans++",
    family: str = "full",
    rng: Seed,
    means: ArrayLike | None = None,
    responsibilities: ArrayLike | None = None,
    n_binary: int = 0,
    sample_weights: ArrayLike | None = None,
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
    return next(
        starts(
            points,
            n_components,
            method=method,
            family=family,
            rng=rng,
            means=means,
            responsibilities=responsibilities,
            n_binary=n_binary,
            sample_weights=sample_weights,
        )
    )


def starts(
    points: ArrayLike,
    n_components: int,
    *,
    method: str = "kmeans++",
    family: str = "full",
    rng: Seed,
    means: ArrayLike | None = None,
    responsibilities: ArrayLike | None = None,
    n_binary: int = 0,
    sample_weights: ArrayLike | None = None,
) -> Iterator[Mixture]:
    """What one call of `initialize` after the other returns, without end; what is given is looked at once."""
    rng = as_generator(rng)
    checked = as_points(points)
    numbers, binary = split_columns(checked, n_binary)
    weights = as_sample_weights(sample_weights, len(numbers))
    held = slice(None) if weights is None else weights > 0
    numbers, binary = numbers[held], binary[held]
    weights = None if weights is None else weights[held]
    n_components = check_n_components(numbers, n_components)
    find_family(family)
    start = find_start(method)
    _check_given(start, {"means": means, "responsibilities": responsibilities})
    covariance = overall_covariance(numbers, weights)
    places = None if means is None else as_points(means, numbers.shape[1])
    shares = None
    if responsibilities is not None:
        shares = as_responsibilities(responsibilities, len(checked), n_components)[held]
        shares = shares if weights is None else shares * weights[:, None]
    # With equal weights the draws are the same as without any.
    odds = None if weights is None or (weights == weights[0]).all() else weights
    request = StartRequest(numbers, odds, covariance, n_components, family, rng, places, shares)
    while True:
        drawn = start.draw(request)
        mixture = drawn if isinstance(drawn, Mixture) else around(request, drawn)
        if n_binary:
            counts, ones = gathered(numbers, binary, weights, mixture)
            if shares is not None:
                counts, ones = shares.sum(axis=0), shares.T @ binary
            mixture = with_binary(mixture, counts, ones, binary, weights)
        yield mixture


def _check_given(start: Start, given: Mapping[str, Any]) -> None:
    for what, values in given.items():
        if (values is not None) != (start.needs == what):
            both = f"{what.capitalize()} go with the start 'given_{what}' and with no other"
            raise StartError(f"{both}; give both or neither.")
