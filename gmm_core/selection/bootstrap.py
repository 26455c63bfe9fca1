"""Standard errors and intervals of a fit's parameters, by the weighted likelihood bootstrap."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em import EMEnd
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.iteration import step_limit
from gmm_core.mixture import Mixture, MixtureError, check_mixture
from gmm_core.points import Array, ReadOnly, as_points, as_sample_weights, quoted, sealed
from gmm_core.selection.agreement import match_components
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import SideBySide, checked_n_bootstrap, lots, random_weights
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator, is_finite


@dataclass(frozen=True, eq=False)
class Parameters(ReadOnly):
    """A number for each parameter of a mixture, or, with leading axes, several."""

    weights: Array
    """(..., K)."""
    means: Array
    """(..., K, D), in the units of the points."""
    covariances: Array
    """(..., K, D, D), in squared units of the points."""
    probabilities: Array
    """(..., K, B): of a 1 in each binary column."""
    noise: Array
    """(...): the weight of the noise, 0 without any."""


@dataclass(frozen=True, eq=False)
class Bootstrap(ReadOnly):
    """A fit, and what it might as well have been."""

    mixture: Mixture
    """The fit."""
    resampled: Parameters
    """With a leading axis of B: the fits to the points weighted at random, component k the one matched to the
    fit's."""
    n_collapsed: int
    """How many more collapsed, and are left out."""

    @property
    def standard_errors(self) -> Parameters:
        """The standard deviation of every parameter, over B - 1. Raises MixtureError for less than 2 fits."""
        if len(self.resampled.weights) < 2:
            raise MixtureError("One fit has no spread; draw 2 or more that do not collapse.")
        return self._of_each(lambda drawn: drawn.std(axis=0, ddof=1))

    def intervals(self, level: float = 0.95) -> tuple[Parameters, Parameters]:
        """The lower and the upper ends of percentile intervals that leave out (1 - level) / 2 to either side.

        Each number is on its own: the ends of the covariances need be no covariances. Raises MixtureError for
        a level that is not between 0 and 1, or where there is no fit.
        """
        if not (is_finite(level) and 0 < level < 1):
            raise MixtureError(f"The level is {quoted(level)}; give a share between 0 and 1, such as 0.95.")
        if not len(self.resampled.weights):
            raise MixtureError("There is no fit to tell an interval from; draw some that do not collapse.")
        outside = 0.5 * (1.0 - level)
        return (
            self._of_each(lambda drawn: np.quantile(drawn, outside, axis=0)),
            self._of_each(lambda drawn: np.quantile(drawn, 1.0 - outside, axis=0)),
        )

    def _of_each(self, of: Callable[[Array], Any]) -> Parameters:
        return _parameters(*(of(drawn) for drawn in vars(self.resampled).values()))


def _parameters(*arrays: Any) -> Parameters:
    return Parameters(*(sealed(np.array(array, dtype=np.float64)) for array in arrays))


def weighted_likelihood_bootstrap(
    points: ArrayLike,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    n_bootstrap: int = 999,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    rng: Seed,
    progress: Progress | None = None,
) -> Bootstrap:
    """Standard errors and intervals of a fit's parameters: `mixture`, fitted to points (N, D) with the same
    settings, is fitted again `n_bootstrap` times, from where it stands, each time with every point weighted
    at random.

    The weights are N times a uniform Dirichlet draw: unlike a draw with replacement none is 0, so that a
    small component does not lose its points. Components are matched to the fit's by `match_components`. With
    sample weights in the `variant` a point of weight w varies as w points would. Fits that collapse are
    counted and left out.

    `progress` is told the share done, from 0 to 1, and stops by answering True: what was drawn by then is
    returned.

    Raises PointsError for bad points or fewer than 1 resample, otherwise as `run`.
    Source: O'Hagan, Murphy, Scrucca & Gormley (2019), Investigation of parameter uncertainty in clustering
    using a Gaussian mixture model via jackknife, bootstrap and weighted likelihood bootstrap, Computational
    Statistics 34, section 3.3; Newton & Raftery (1994) for the weights.

    >>> from gmm_core import load_classic, run
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> start = Mixture([0.5, 0.5], [[2.0, 55.0], [4.3, 80.0]], [np.diag([0.1, 35.0])] * 2)
    >>> found = weighted_likelihood_bootstrap(points, run(points, start).mixture, n_bootstrap=50, rng=0)
    >>> found.standard_errors.means[:, 0].round(2).tolist()
    [0.03, 0.03]
    """
    check_mixture(mixture)
    check_variant(variant)
    checked, rng = as_points(points, mixture.n_columns), as_generator(rng)
    counts = as_sample_weights(variant.sample_weights, len(checked))
    n_bootstrap = checked_n_bootstrap(n_bootstrap)
    check_progress(progress)
    task = Task(checked, mixture.n_columns - mixture.n_dimensions, variant, reg_covar, mixture.noise)
    settings = (family, tolerance, step_limit(max_steps))
    fits: list[Mixture] = []
    n_collapsed = 0
    for done, end in enumerate(_weighted_fits(task, mixture, counts, n_bootstrap, settings, rng), 1):
        if end.collapse is None:
            fits.append(end.mixture)
        else:
            n_collapsed += 1
        if progress is not None and progress(done / n_bootstrap):
            break
    return Bootstrap(mixture, _matched(fits, mixture), n_collapsed)


def _weighted_fits(
    task: Task,
    mixture: Mixture,
    counts: Array | None,
    n_bootstrap: int,
    settings: tuple[str, float, int],
    rng: np.random.Generator,
) -> Iterator[EMEnd]:
    """A fit for each draw of weights (N,): the one place that says how many fits are made at once."""
    n_points = len(task.points)
    for lot in lots(n_bootstrap, n_points * mixture.means.size):
        draws = (random_weights(n_points, counts, rng) for _ in lot)
        tasks = (replace(task, variant=replace(task.variant, sample_weights=drawn)) for drawn in draws)
        yield from SideBySide(Resamples(tuple(tasks)), *settings).run([mixture] * len(lot), range(len(lot)))


def _matched(fits: Sequence[Mixture], mixture: Mixture) -> Parameters:
    """Of all the fits, their components in the order of the mixture's."""
    orders = [match_components(mixture, fit) for fit in fits]
    n_binary = mixture.n_columns - mixture.n_dimensions
    rows: dict[str, tuple[int, ...]] = {
        "weights": (),
        "means": (mixture.n_dimensions,),
        "covariances": (mixture.n_dimensions, mixture.n_dimensions),
        "probabilities": (n_binary,),
    }
    arrays = [
        np.reshape(
            [getattr(fit, name)[order] for fit, order in zip(fits, orders, strict=True)],
            (len(fits), mixture.n_components, *shape),
        )
        for name, shape in rows.items()
    ]
    return _parameters(*arrays, [0.0 if fit.noise is None else fit.noise.amount for fit in fits])
