"""The starts by name: where the components stand before anything has been learned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gmm_core.mixture import Mixture
from gmm_core.points import Array, quoted
from gmm_core.starts import seeding, shapes
from gmm_core.starts.request import StartError, StartRequest


@dataclass(frozen=True)
class Start:
    """A named way to begin."""

    name: str
    """The `method` of `initialize`."""
    title: str
    """As people say it."""
    sentence: str
    """What it does, in plain words."""
    draw: Callable[[StartRequest], Array | Mixture]
    """Means (K, D), around which `initialize` lays components of equal weight and of the shape of all points;
    or a mixture of the family."""
    needs: str | None = None
    """The argument of `initialize` that must be given with it, None when points and K are enough."""
    is_drawn: bool = True
    """Whether another rng begins elsewhere, even with few points."""


_STARTS = {
    start.name: start
    for start in (
        Start(
            "kmeans++",
            "k-means++",
            "Points drawn one by one, each likely to be far from those before.",
            seeding.kmeans_plus_plus,
        ),
        Start(
            "kmeans",
            "k-means",
            "The clusters that K-Means ends with, as centres, shapes and weights.",
            shapes.kmeans_clusters,
        ),
        Start(
            "random_points",
            "Random points",
            "Means on points drawn at random, wherever they fall.",
            seeding.random_points,
        ),
        Start(
            "random_parameters",
            "Random parameters",
            "Means, shapes and weights all drawn at random.",
            shapes.random_parameters,
        ),
        Start(
            "farthest_points",
            "Farthest points",
            "Each mean on the point farthest from those before.",
            seeding.farthest_points,
        ),
        Start(
            "hierarchical",
            "Hierarchical",
            "The clusters that are left when the two nearest are merged again and again.",
            shapes.hierarchical_clusters,
            is_drawn=False,
        ),
        Start(
            "given_means",
            "Given means",
            "Means where you put them.",
            seeding.given_means,
            needs="means",
            is_drawn=False,
        ),
        Start(
            "given_responsibilities",
            "Given responsibilities",
            "The components that fit the shares of the points you give them.",
            shapes.given_responsibilities,
            needs="responsibilities",
            is_drawn=False,
        ),
    )
}

STARTS: Mapping[str, Start] = MappingProxyType(_STARTS)
"""In the order in which they are offered."""


def find_start(method: Any) -> Start:
    """The start called `method`, a key of STARTS. Raises StartError for any other name."""
    start = STARTS.get(method) if isinstance(method, str) else None
    if start is None:
        raise StartError(f"There is no start {quoted(method)}; choose one of {', '.join(STARTS)}.")
    return start
