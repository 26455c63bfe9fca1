"""Several starts, each given a short run, and the most promising run to the end: "small EM"."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gmm_core import em
from gmm_core.em import EMRun
from gmm_core.initialization import StartError, initialize
from gmm_core.variant import PLAIN, Variant


@dataclass(frozen=True, eq=False)
class Restarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[EMRun, ...]
    """The short runs, in the order in which they were drawn; a collapse ends one with its reason."""
    winner: int
    """The index of the attempt that was run on."""
    run: EMRun
    """The winner's run, from its start to the end."""


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
    rng: np.random.Generator,
) -> Restarts:
    """`n_init` starts drawn by `method` (one of STARTS that needs nothing given), at most `short_steps`
    steps from each, and the run of the one with the highest objective, if possible one that has not
    collapsed.

    Raises StartError for n_init below 1, and else as `initialize` and `run`.
    Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, section 3.
    """
    if n_init < 1:
        raise StartError(f"{n_init} starts were asked for; draw at least 1.")
    settings: dict[str, Any] = {
        "family": family,
        "reg_covar": reg_covar,
        "variant": variant,
        "tolerance": tolerance,
    }
    attempts = tuple(
        em.run(
            points,
            initialize(points, n_components, method=method, family=family, rng=rng),
            max_steps=min(short_steps, max_steps),
            **settings,
        )
        for _ in range(n_init)
    )
    winner = max(range(n_init), key=lambda i: _promise(attempts[i]))
    return Restarts(attempts, winner, em.resume(points, attempts[winner], max_steps=max_steps, **settings))


def _promise(attempt: EMRun) -> tuple[bool, float]:
    sound = attempt.stop_reason is not em.StopReason.COMPONENT_COLLAPSED
    return sound, attempt.states[-1].objective
