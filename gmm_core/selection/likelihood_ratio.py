"""Is one component more than chance? The parametric bootstrap of the likelihood ratio."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em import EMEnd
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.families import find_family
from gmm_core.iteration import step_limit
from gmm_core.mixture import Mixture, MixtureError, sample
from gmm_core.points import Array, PointsError, ReadOnly, as_points, as_sample_weights, sealed
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import SideBySide, checked_n_bootstrap, lots
from gmm_core.selection.splitting import splits, twin
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator, check_n_components
from gmm_core.starts import StartError, checked_n_init, find_start, starts

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
    variant: Variant = PLAIN,
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

    Of the `variant` sample weights and a prior are taken. A point of weight w counts as w points do, so that
    as many are drawn as the weights add up to. With a prior the fits are those of the highest posterior, of
    K as of K + 1, and the ratio is that of their likelihoods. There is no background noise: it has a volume
    but no place, so that nothing can be drawn from a fit with it. Nor is there what makes K other than a
    special case of K + 1, or a likelihood what the fits do not raise: equal weights, fixed covariances and
    temperatures.

    The last `n_binary` columns are 0 or 1; `reg_covar` is in squared units of the points.

    `progress` is told the share done, from 0 to 1, and stops by answering True: what was drawn by then is
    returned.

    Raises PointsError for bad points or fewer than 1 resample, StartError for fewer than 1 start or one that
    needs something given, MixtureError where no fit of K to the points holds, or for a variant that is not
    taken; otherwise as `initialize` and `run`.
    Source: McLachlan (1987), On bootstrapping the likelihood ratio test statistic for the number of
    components in a normal mixture, Applied Statistics 36.

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> likelihood_ratio_test(points, 1, family="tied", n_init=1, n_bootstrap=9, rng=0).p_value
    0.1
    """
    check_progress(progress)
    under_way = LikelihoodRatioTesting(
        points,
        n_components,
        family=family,
        reg_covar=reg_covar,
        variant=variant,
        method=method,
        n_init=n_init,
        n_bootstrap=n_bootstrap,
        tolerance=tolerance,
        max_steps=max_steps,
        n_binary=n_binary,
        rng=rng,
    )
    for share in under_way:
        if progress is not None and progress(share):
            break
    return under_way.test


class LikelihoodRatioTesting:
    """A test under way, for whoever wants to see it grow: iterating over it draws one resample more and
    answers the share done, from 0 to 1; `test` is what there is by then."""

    def __init__(
        self,
        points: ArrayLike,
        n_components: int,
        *,
        family: str = "full",
        reg_covar: float = 0.0,
        variant: Variant = PLAIN,
        method: str = "kmeans++",
        n_init: int = 5,
        n_bootstrap: int = 99,
        tolerance: float = 1e-6,
        max_steps: int = 200,
        n_binary: int = 0,
        rng: Seed,
    ) -> None:
        """The arguments and the errors of `likelihood_ratio_test`."""
        checked, rng = as_points(points), as_generator(rng)
        _check_variant(variant)
        weights = as_sample_weights(variant.sample_weights, len(checked))
        self._n_bootstrap = checked_n_bootstrap(n_bootstrap)
        self._search = _NestedSearch(
            Task(checked, n_binary, variant, reg_covar),
            check_n_components(checked, n_components),
            _checked_method(method),
            checked_n_init(n_init),
            (family, tolerance, step_limit(max_steps)),
            rng,
        )
        self._n_drawn = len(checked) if weights is None else _n_drawn(weights, n_components)
        found = self._search.fit([self._search.begin(self._search.task)])[0]
        if found is None:
            raise MixtureError(
                f"No start led to a fit of {n_components} components that holds; raise n_init or reg_covar, "
                "or choose fewer components or a simpler family."
            )
        self._found, self._resampled = found, list[float]()

    @property
    def test(self) -> LikelihoodRatioTest:
        """With the resamples drawn so far."""
        found, resampled = self._found, sealed(np.array(self._resampled, dtype=np.float64))
        return LikelihoodRatioTest(found.mixture, found.larger, found.statistic, resampled)

    def __iter__(self) -> Iterator[float]:
        """The shares done, after each resample."""
        pairs = self._search.resampled(self._found.mixture, self._n_drawn, self._n_bootstrap)
        for done, pair in enumerate(pairs, 1):
            if pair is not None:
                self._resampled.append(pair.statistic)
            yield done / self._n_bootstrap


@dataclass(frozen=True, eq=False)
class _NestedFits:
    """Fits of K and of K + 1 components to the same points."""

    mixture: Mixture
    larger: Mixture
    statistic: float


@dataclass(frozen=True, eq=False)
class _Begun:
    """Points, and the starts that were drawn for K and for K + 1 components."""

    task: Task
    smaller: list[Mixture]
    larger: list[Mixture]


@dataclass(frozen=True, eq=False)
class _NestedSearch:
    """How K and K + 1 components are fitted, to the points and to what is drawn in their place."""

    task: Task
    n_components: int
    method: str
    n_init: int
    settings: tuple[str, float, int]
    """The family, the tolerance and the limit of steps."""
    rng: np.random.Generator

    def resampled(self, mixture: Mixture, n_drawn: int, n_bootstrap: int) -> Iterator[_NestedFits | None]:
        """Both fits to `n_bootstrap` times `n_drawn` points from the mixture, many at once."""
        size = n_drawn * self.task.numbers.shape[1] * (self.n_components + 1)
        variant = replace(self.task.variant, sample_weights=None)
        for lot in lots(n_bootstrap, size * (self.n_init + self.n_components)):
            drawn = (sample(mixture, n_drawn, self.rng)[0] for _ in lot)
            yield from self.fit(
                [self.begin(replace(self.task, points=points, variant=variant)) for points in drawn]
            )

    def begin(self, task: Task) -> _Begun:
        """With all that is drawn at random, so that it does not matter what is fitted at once."""
        return _Begun(task, self._starts(task, self.n_components), self._starts(task, self.n_components + 1))

    def fit(self, begun: Sequence[_Begun]) -> list[_NestedFits | None]:
        """Both fits, or None where no start of K leads to one. Twice the same component is one, so K + 1 are
        never less likely than K."""
        resamples = Resamples(tuple(one.task for one in begun))
        smaller = self._best(resamples, [one.smaller for one in begun])
        cut = [[] if fitted is None else splits(fitted.mixture) for fitted in smaller]
        larger = self._best(resamples, [[*two, *one.larger] for two, one in zip(cut, begun, strict=True)])
        return [_nested(*pair) for pair in zip(smaller, larger, strict=True)]

    def _starts(self, task: Task, n_components: int) -> list[Mixture]:
        drawn = starts(
            task.points,
            n_components,
            method=self.method,
            family=self.settings[0],
            n_binary=task.n_binary,
            sample_weights=task.weights,
            rng=self.rng,
        )
        # One component is fitted in one step, wherever it starts.
        return list(islice(drawn, 1 if n_components == 1 else self.n_init))

    def _best(self, resamples: Resamples, begun: Sequence[list[Mixture]]) -> list[EMEnd | None]:
        """For each of the resamples the most promising of short runs that is sound when it is carried on."""
        family, tolerance, max_steps = self.settings
        sets = [i for i, mixtures in enumerate(begun) for _ in mixtures]
        best: list[EMEnd | None] = [None] * len(begun)
        if not sets:
            return best
        first_look = SideBySide(resamples, family, tolerance, min(SHORT_STEPS, max_steps))
        looked = first_look.run([mixture for mixtures in begun for mixture in mixtures], sets)
        order = sorted(range(len(sets)), key=lambda j: looked[j].last.objective)
        hopeful = [[looked[j] for j in order if sets[j] == i] for i in range(len(begun))]
        to_the_end = SideBySide(resamples, *self.settings)
        while True:
            for ends in hopeful:
                while ends and not self._is_sound(ends[-1]):
                    ends.pop()
            open_sets = [i for i, ends in enumerate(hopeful) if ends and best[i] is None]
            if not open_sets:
                return best
            ended = to_the_end.resume([hopeful[i].pop() for i in open_sets], open_sets)
            for i, end in zip(open_sets, ended, strict=True):
                if self._is_sound(end):
                    best[i] = end

    def _is_sound(self, end: EMEnd) -> bool:
        """Whether nothing collapsed, and no component with a volume of its own lies on too few points."""
        fewest = end.mixture.n_dimensions + 1
        shared = find_family(self.settings[0]).letters.startswith("E")
        held = end.last.moments.counts.min() / self.task.unit
        return end.collapse is None and (shared or bool(held >= fewest))


def _nested(fitted: EMEnd | None, larger: EMEnd | None) -> _NestedFits | None:
    if fitted is None:
        return None
    if larger is None or larger.log_likelihood < fitted.log_likelihood:
        return _NestedFits(fitted.mixture, twin(fitted.mixture), 0.0)
    statistic = 2.0 * (larger.log_likelihood - fitted.log_likelihood)
    return _NestedFits(fitted.mixture, larger.mixture, statistic)


def _n_drawn(weights: Array, n_components: int) -> int:
    """How many points there are, as weights (N,) count them."""
    n_drawn = round(float(weights.sum()))
    if n_drawn <= n_components:
        raise PointsError(
            f"The sample weights say that there are {weights.sum():.3g} points, too few to fit "
            f"{n_components + 1} components to as many; give each point the number of points it stands for."
        )
    return n_drawn


def _check_variant(variant: Any) -> None:
    """Raises MixtureError unless K is a special case of K + 1, and likelihood what the fits raise."""
    check_variant(variant)
    if variant.covariances is not None:
        raise MixtureError("Fixed covariances are those of one K, and K + 1 needs others; leave them out.")
    if variant.equal_weights:
        raise MixtureError(
            "With equal weights K components are no special case of K + 1, so that the ratio says nothing; "
            "leave equal_weights out."
        )
    if variant.temperature != 1.0:
        raise MixtureError(
            f"At the temperature {variant.temperature:g} a fit does not raise the likelihood, so that the "
            "ratio says nothing; leave it at 1."
        )


def _checked_method(method: Any) -> str:
    needed = find_start(method).needs
    if needed is not None:
        raise StartError(
            f"The start {method!r} needs {needed}, and every resample would need its own; choose a start "
            "that needs only points."
        )
    return method
