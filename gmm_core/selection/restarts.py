"""Several starts and the best run from them: of EM ("small EM": short runs first) and of K-Means."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from gmm_core import em, kmeans
from gmm_core.em import EMRun
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.kmeans import KMeansRun
from gmm_core.mixture import MixtureError
from gmm_core.settings import Seed, as_generator, whole_number
from gmm_core.starts import StartError, initialize


@dataclass(frozen=True, eq=False)
class Restarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[EMRun, ...]
    """The short runs, in the order in which they were drawn; a collapse ends one with its reason. One that
    was carried on and collapsed later is there with all its states."""
    winner: int
    """The index of the attempt whose run is `run`."""
    run: EMRun
    """The winner's run, from its start to the end; a collapsed one only where every attempt collapses."""


def restart(
    points: ArrayLike,
    n_components: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    short_steps: int = 10,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    rng: Seed,
) -> Restarts:
    """`n_init` starts on points (N, D), drawn by `method` (one of STARTS that needs nothing given), at most
    `short_steps` steps from each, and the run of the one with the highest objective. Where that collapses the
    next best is carried on, and so forth, so that a collapsed run is returned only where every start ends in
    one.

    The variant's sample weights count in the starts too. Raises StartError for n_init below 1, and else as
    `initialize` and `run`.
    Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, section 3.
    """
    n_init = _checked_n_init(n_init)
    short_steps = whole_number(short_steps, "The number of short steps", MixtureError)
    max_steps = whole_number(max_steps, "The step limit", MixtureError)
    check_variant(variant)
    rng = as_generator(rng)
    settings: dict[str, Any] = {
        "family": family,
        "reg_covar": reg_covar,
        "variant": variant,
        "tolerance": tolerance,
    }
    attempts = [
        em.run(
            points,
            initialize(
                points,
                n_components,
                method=method,
                family=family,
                sample_weights=variant.sample_weights,
                rng=rng,
            ),
            max_steps=min(short_steps, max_steps),
            keep="all",
            **settings,
        )
        for _ in range(n_init)
    ]
    ranking = sorted(range(n_init), key=lambda i: _promise(attempts[i]), reverse=True)
    for i in ranking:
        ended = em.resume(points, attempts[i], max_steps=max_steps, **settings)
        if ended.collapse is None:
            return Restarts(tuple(attempts), i, ended)
        attempts[i] = ended
    winner = ranking[0]
    return Restarts(tuple(attempts), winner, attempts[winner])


def _promise(attempt: EMRun) -> tuple[bool, float]:
    return attempt.collapse is None, attempt.states[-1].objective


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
    points: ArrayLike,
    n_clusters: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    sample_weights: ArrayLike | None = None,
    max_steps: int = 300,
    rng: Seed,
) -> KMeansRestarts:
    """K-Means on points (N, D) from the means of `n_init` starts, drawn by `method` (one of STARTS that needs
    nothing given).

    Sample weights (N,) count every point so many times. Raises StartError for n_init below 1, and else as
    `initialize` and `kmeans.run`.
    Source: Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding, for the starts of
    method "kmeans++".
    """
    n_init, rng = _checked_n_init(n_init), as_generator(rng)
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


def _checked_n_init(n_init: Any) -> int:
    wanted = whole_number(n_init, "The number of starts", StartError)
    if wanted < 1:
        raise StartError(f"{wanted} starts were asked for; draw at least 1.")
    return wanted
