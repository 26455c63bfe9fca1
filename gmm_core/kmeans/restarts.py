"""K-Means from several starts, and the run that ends with the smallest inertia."""

from dataclasses import dataclass
from typing import Any

from gmm_core import kmeans
from gmm_core.kmeans.kmeans import KMeansRun
from gmm_core.selection.restarts import check_n_init
from gmm_core.settings import Seed, as_generator
from gmm_core.starts.initialization import initialize


@dataclass(frozen=True, eq=False)
class KMeansRestarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[KMeansRun, ...]
    """The runs, in the order in which their starts were drawn."""
    winner: int
    """The index of the attempt with the smallest inertia, the first of equals."""

    @property
    def run(self) -> KMeansRun:
        """The winner's run."""
        return self.attempts[self.winner]


def restart_kmeans(
    points: Any,
    n_clusters: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    sample_weights: Any = None,
    max_steps: int = 300,
    rng: Seed,
) -> KMeansRestarts:
    """K-Means from the means of `n_init` starts drawn by `method` (one of STARTS that needs nothing given).

    Sample weights (N,) count every point so many times. Raises StartError for n_init below 1, and else as
    `initialize` and `kmeans.run`.
    Source: Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding, for the starts of
    method "kmeans++".
    """
    n_init, rng = check_n_init(n_init), as_generator(rng)
    weighted: dict[str, Any] = {"sample_weights": sample_weights}
    attempts = tuple(
        kmeans.run(
            points,
            initialize(points, n_clusters, method=method, rng=rng, **weighted).means,
            max_steps=max_steps,
            **weighted,
        )
        for _ in range(n_init)
    )
    return KMeansRestarts(attempts, min(range(n_init), key=lambda i: attempts[i].inertia))
