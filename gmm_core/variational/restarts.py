"""Several starts of a variational mixture, and the run that reaches the highest bound."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from gmm_core.mixture import Noise, check_noise, with_noise
from gmm_core.settings import Seed, as_generator, whole_number
from gmm_core.starts import StartError, initialize
from gmm_core.variational.prior import VariationalPrior, default_variational_prior
from gmm_core.variational.runs import VariationalRun, run


@dataclass(frozen=True, eq=False)
class VariationalRestarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[VariationalRun, ...]
    """The runs, in the order in which their starts were drawn."""
    winner: int
    """The index of the attempt with the highest bound, the first of equals."""

    @property
    def run(self) -> VariationalRun:
        """The winner's run."""
        return self.attempts[self.winner]


def restart_variational(
    points: ArrayLike,
    n_components: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    prior: VariationalPrior | None = None,
    weights: str = "dirichlet",
    family: str = "full",
    noise: Noise | None = None,
    n_binary: int = 0,
    sample_weights: ArrayLike | None = None,
    moves: bool = True,
    tolerance: float = 1e-6,
    max_steps: int = 500,
    rng: Seed,
) -> VariationalRestarts:
    """A run on points (N, D + n_binary) from each of `n_init` starts of `n_components`, drawn by `method`
    (one of STARTS that needs nothing given).

    The last `n_binary` columns are 0 or 1. `noise` is the background noise to begin with: its weight, and the
    volume of the region that it fills. Without a prior it is the default one, with `weights`, one of
    WEIGHT_PRIORS. As all runs have the same prior and K, their bounds are on the same evidence. Raises
    StartError for n_init below 1, and else as `initialize` and `run`.
    """
    wanted = whole_number(n_init, "The number of starts", StartError)
    if wanted < 1:
        raise StartError(f"{wanted} starts were asked for; draw at least 1.")
    check_noise(noise)
    rng = as_generator(rng)
    if prior is None:
        prior = default_variational_prior(
            points, sample_weights=sample_weights, weights=weights, n_binary=n_binary
        )
    attempts: list[VariationalRun] = []
    for _ in range(wanted):
        mixture = initialize(
            points,
            n_components,
            method=method,
            family=family,
            n_binary=n_binary,
            sample_weights=sample_weights,
            rng=rng,
        )
        attempts.append(
            run(
                points,
                with_noise(mixture, noise),
                prior=prior,
                family=family,
                sample_weights=sample_weights,
                moves=moves,
                tolerance=tolerance,
                max_steps=max_steps,
            )
        )
    return VariationalRestarts(tuple(attempts), max(range(wanted), key=lambda i: attempts[i].lower_bound))
