"""Is one component more than chance? The parametric bootstrap of the likelihood ratio."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em import EMEnd, resume, run
from gmm_core.families import find_family
from gmm_core.iteration import step_limit
from gmm_core.mixture import Mixture, MixtureError, sample
from gmm_core.points import Array, ReadOnly, as_points, sealed
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resampling import checked_n_bootstrap
from gmm_core.selection.splitting import splits, twin
from gmm_core.settings import Seed, as_generator, check_n_components, whole_number
from gmm_core.starts import StartError, find_start, initialize

# Steps from every start before the best is carried on.
SHORT_STEPS = 10


@dataclass(frozen=True, eq=False)
class LikelihoodRatioTest(ReadOnly):
    """Whether one component more explains the points better than chance would."""

    mixture: Mixture
    """The fit of K components."""
    larger: Mixture
    """The fit of K + 1."""
    statistic: float
    """2 (log L(K + 1) - log L(K)), in nats, >= 0."""
    resampled: Array
    """(B,): the same of points drawn from the fit of K; fewer than were asked for where it was stopped."""

    @property
    def p_value(self) -> float:
        """(1 + the resampled statistics at least as large) / (1 + B): the probability, were there K, of a
        statistic as large as this (Davison & Hinkley, Bootstrap Methods and their Application, 1997, eq.
        4.11).

        Small values speak for K + 1; none is below 1 / (1 + B).
        """
        return float(1 + (self.resampled >= self.statistic).sum()) / (1 + len(self.resampled))


def likelihood_ratio_test(
    points: ArrayLike,
    n_components: int,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    method: str = "kmeans++",
    n_init: int = 5,
    n_bootstrap: int = 99,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    n_binary: int = 0,
    rng: Seed,
    progress: Progress | None = None,
) -> LikelihoodRatioTest:
    """The test of K = `n_components` against K + 1 on points (N, D), by the parametric bootstrap: the usual
    chi-square law does not hold, since under K the component too many is at the edge of what is possible.

    `n_bootstrap` times N points are drawn from the fit of K, and K and K + 1 fitted to them by the very
    search that was made on the points: short runs from `n_init` starts drawn by `method` (one of STARTS that
    needs only points), for K + 1 also from the fit of K with each component cut in two, and the best carried
    on. Where components have volumes of their own, a fit in which one holds fewer than D + 1 points counts
    no more than a collapsed one: of so few the likelihood may be as large as one likes, and means nothing.
    Resamples without a fit of K, which are rare, are left out.

    The last `n_binary` columns are 0 or 1; `reg_covar` is in squared units of the points.

    `progress` is told the share done, from 0 to 1, and stops by answering True: what was drawn by then is
    returned.

    Raises PointsError for bad points or fewer than 1 resample, StartError for fewer than 1 start or one that
    needs something given, MixtureError where no fit of K to the points holds; otherwise as `initialize` and
    `run`.
    Source: McLachlan (1987), On bootstrapping the likelihood ratio test statistic for the number of
    components in a normal mixture, Applied Statistics 36.

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> likelihood_ratio_test(points, 1, family="tied", n_init=1, n_bootstrap=9, rng=0).p_value
    0.1
    """
    checked, rng = as_points(points), as_generator(rng)
    n_bootstrap = checked_n_bootstrap(n_bootstrap)
    check_progress(progress)
    search = _NestedSearch(
        check_n_components(checked, n_components),
        family,
        reg_covar,
        _checked_method(method),
        _checked_n_init(n_init),
        tolerance,
        step_limit(max_steps),
        n_binary,
        rng,
    )
    found = search.fit(checked)
    if found is None:
        raise MixtureError(
            f"No start led to a fit of {n_components} components that holds; raise n_init or reg_covar, or "
            "choose fewer components or a simpler family."
        )
    resampled: list[float] = []
    resamples = (sample(found.mixture, len(checked), rng)[0] for _ in range(n_bootstrap))
    for done, pair in enumerate(map(search.fit, resamples), 1):
        if pair is not None:
            resampled.append(pair.statistic)
        if progress is not None and progress(done / n_bootstrap):
            break
    return LikelihoodRatioTest(found.mixture, found.larger, found.statistic, sealed(np.array(resampled)))


@dataclass(frozen=True, eq=False)
class _NestedFits:
    """Fits of K and of K + 1 components to the same points."""

    mixture: Mixture
    larger: Mixture
    statistic: float


@dataclass(frozen=True, eq=False)
class _NestedSearch:
    """How K and K + 1 components are fitted, to the points and to what is drawn in their place."""

    n_components: int
    family: str
    reg_covar: float
    method: str
    n_init: int
    tolerance: float
    max_steps: int
    n_binary: int
    rng: np.random.Generator

    def fit(self, points: Array) -> _NestedFits | None:
        """Both, or None where no start of K leads to one. Twice the same component is one, so K + 1 are
        never less likely than K."""
        fitted = self._best(points, self._starts(points, self.n_components))
        if fitted is None:
            return None
        mixture = fitted.mixture
        starts = [*_halved(mixture), *self._starts(points, self.n_components + 1)]
        larger = self._best(points, starts)
        if larger is None or larger.log_likelihood < fitted.log_likelihood:
            return _NestedFits(mixture, _twinned(mixture), 0.0)
        statistic = 2.0 * (larger.log_likelihood - fitted.log_likelihood)
        return _NestedFits(mixture, larger.mixture, statistic)

    def _starts(self, points: Array, n_components: int) -> list[Mixture]:
        # One component is fitted in one step, wherever it starts.
        return [
            initialize(
                points,
                n_components,
                method=self.method,
                family=self.family,
                n_binary=self.n_binary,
                rng=self.rng,
            )
            for _ in range(1 if n_components == 1 else self.n_init)
        ]

    def _best(self, points: Array, starts: Sequence[Mixture]) -> EMEnd | None:
        """The most promising of short runs that is sound when it is carried on."""
        settings: dict[str, Any] = {
            "family": self.family,
            "reg_covar": self.reg_covar,
            "tolerance": self.tolerance,
        }
        first_look = min(SHORT_STEPS, self.max_steps)
        short = [run(points, one, max_steps=first_look, keep="last", **settings) for one in starts]
        for end in sorted(short, key=lambda end: end.log_likelihood, reverse=True):
            ended = resume(points, end, max_steps=self.max_steps, **settings) if self._is_sound(end) else end
            if self._is_sound(ended):
                return ended
        return None

    def _is_sound(self, end: EMEnd) -> bool:
        """Whether nothing collapsed, and no component with a volume of its own lies on too few points."""
        fewest = end.mixture.n_dimensions + 1
        shared = find_family(self.family).letters.startswith("E")
        return end.collapse is None and (shared or bool(end.last.moments.counts.min() >= fewest))


def _halved(mixture: Mixture) -> list[Mixture]:
    """K mixtures of K + 1 components: in each, another one is cut in two."""
    ones = mixture.probabilities
    return [replace(one, probabilities=np.vstack([ones, ones[k]])) for k, one in enumerate(splits(mixture))]


def _twinned(mixture: Mixture) -> Mixture:
    """K + 1 components of the same density."""
    ones = mixture.probabilities
    return replace(twin(mixture), probabilities=np.vstack([ones, ones[mixture.weights.argmax()]]))


def _checked_n_init(n_init: Any) -> int:
    wanted = whole_number(n_init, "The number of starts", StartError)
    if wanted < 1:
        raise StartError(f"{wanted} starts were asked for; draw at least 1.")
    return wanted


def _checked_method(method: Any) -> str:
    needed = find_start(method).needs
    if needed is not None:
        raise StartError(
            f"The start {method!r} needs {needed}, and every resample would need its own; choose a start "
            "that needs only points."
        )
    return method
