"""Several starts, each given a short run, and the most promising run to the end: "small EM"."""

from dataclasses import dataclass
from typing import Any

from gmm_core import em
from gmm_core.em import EMRun
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.mixture import MixtureError
from gmm_core.settings import Seed, as_generator, whole_number
from gmm_core.starts.initialization import StartError, initialize


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
    points: Any,
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
    """`n_init` starts drawn by `method` (one of STARTS that needs nothing given), at most `short_steps`
    steps from each, and the run of the one with the highest objective. Where that collapses the next best is
    carried on, and so forth, so that a collapsed run is returned only where every start ends in one.

    The variant's sample weights count in the starts too. Raises StartError for n_init below 1, and else as
    `initialize` and `run`.
    Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, section 3.
    """
    n_init = check_n_init(n_init)
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


def check_n_init(n_init: Any) -> int:
    """`n_init` as an int >= 1. Raises StartError otherwise."""
    wanted = whole_number(n_init, "The number of starts", StartError)
    if wanted < 1:
        raise StartError(f"{wanted} starts were asked for; draw at least 1.")
    return wanted
