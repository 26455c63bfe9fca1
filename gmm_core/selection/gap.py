"""How many clusters K-Means should have, by the gap to what it would do to points without any."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.kmeans.many_sets import least_inertias
from gmm_core.moments import overall_covariance
from gmm_core.points import Array, PointsError, ReadOnly, as_points, quoted, read_only
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.settings import Seed, as_generator, check_n_components, whole_number
from gmm_core.starts import checked_n_init

# Steps of each run of K-Means, at most.
MOST_STEPS = 100

# References between two words of how far it is.
LOT = 5


@dataclass(frozen=True, eq=False)
class Gaps(ReadOnly):
    """By how much K-Means does better on the points than on such without clusters, for every K."""

    ks: tuple[int, ...]
    """Rising; fewer than were asked for where it was stopped."""
    log_inertias: Array
    """(len(ks),): the logarithms of the points' inertias."""
    expected: Array
    """(len(ks),): the means of those of the references."""
    standard_errors: Array
    """(len(ks),): the standard deviations of those, times sqrt(1 + 1 / B) for B references."""

    @property
    def gaps(self) -> Array:
        """(len(ks),): expected less log_inertias; large where there are clusters."""
        return read_only(self.expected - self.log_inertias)

    @property
    def best(self) -> int | None:
        """The smallest K whose gap is at least that of the next K less its standard error, or None where
        every next gap is larger: then try larger K. It is meant for K without holes, from 1 on."""
        gaps = self.gaps
        enough = gaps[:-1] >= gaps[1:] - self.standard_errors[1:]
        return self.ks[int(enough.argmax())] if enough.any() else None


def gap_statistic(
    points: ArrayLike,
    ks: Iterable[int],
    *,
    n_references: int = 20,
    n_init: int = 10,
    rng: Seed,
    progress: Progress | None = None,
) -> Gaps:
    """The gap statistic of K-Means on points (N, D) for every K in `ks`.

    The inertia falls as K grows, clusters or none. So it is compared, in logarithms, with the inertias of
    `n_references` sets of N points drawn uniformly from a box along the principal axes of the points. Each K
    is fitted to each set, and to the points, from `n_init` starts of k-means++. It can answer 1, unlike the
    silhouette; and being made for K-Means it sees round clusters of like size, and cuts long ones.

    `progress` is told the share done, from 0 to 1, and stops by answering True: the answer then has the K
    that are done.

    Raises PointsError for bad points, a K below 1 or not below the number of distinct points, or fewer than 1
    reference; StartError for fewer than 1 start.
    Source: Tibshirani, Walther & Hastie (2001), Estimating the number of clusters in a data set via the gap
    statistic, Journal of the Royal Statistical Society B 63, sections 3 and 4, reference (b).

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> gap_statistic((points - points.mean(axis=0)) / points.std(axis=0), range(1, 5), rng=0).best
    2
    """
    checked, rng = as_points(points), as_generator(rng)
    wanted = _checked_ks(checked, ks)
    n_references = whole_number(n_references, "The number of references")
    if n_references < 1:
        raise PointsError(f"{n_references} references were asked for; draw at least 1.")
    n_init = checked_n_init(n_init)
    check_progress(progress)
    centred = checked - checked.mean(axis=0)
    references = _references(centred, overall_covariance(checked), n_references, rng)
    settings: dict[str, Any] = {"n_init": n_init, "max_steps": MOST_STEPS, "rng": rng}
    own: list[float] = []
    theirs: list[Array] = []
    for number, k in enumerate(wanted):
        logs = [np.log(least_inertias(centred[None], k, **settings))]
        stopped = False
        for first in range(0, n_references, LOT):
            logs.append(np.log(least_inertias(references[first : first + LOT], k, **settings)))
            done = number + min(first + LOT, n_references) / n_references
            stopped = progress is not None and bool(progress(done / len(wanted)))
            if stopped:
                break
        found = np.concatenate(logs)
        if len(found) > n_references:
            own.append(float(found[0]))
            theirs.append(found[1:])
        if stopped:
            break
    expected = [drawn.mean() for drawn in theirs]
    errors = [drawn.std() * np.sqrt(1.0 + 1.0 / n_references) for drawn in theirs]
    return Gaps(tuple(wanted[: len(own)]), read_only(own), read_only(expected), read_only(errors))


def _references(centred: Array, covariance: Array, n_references: int, rng: np.random.Generator) -> Array:
    """(B, N, D): uniform over the box along the principal axes that points of mean 0 just fill."""
    axes = np.linalg.eigh(covariance)[1]
    turned = centred @ axes
    low, high = turned.min(axis=0), turned.max(axis=0)
    return rng.uniform(low, high, (n_references, *centred.shape)) @ axes.T


def _checked_ks(points: Array, ks: Any) -> list[int]:
    if not isinstance(ks, Iterable) or isinstance(ks, str | bytes):
        raise PointsError(f"The numbers of clusters to try are {quoted(ks)}; give a list of whole numbers.")
    wanted: list[int] = []
    for k in ks:  # pyright: ignore[reportUnknownVariableType]
        wanted.append(check_n_components(points, k))
    if not wanted:
        raise PointsError("There is no number of clusters to try; give at least one.")
    if len(np.unique(points, axis=0)) == max(wanted):
        raise PointsError(
            f"With {max(wanted)} clusters for as many distinct points nothing is left to compare; choose a "
            "smaller K."
        )
    return sorted(set(wanted))
