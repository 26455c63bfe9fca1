"""How many components, and of which family: a fit for each, and what it is worth."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

from numpy.typing import ArrayLike

from gmm_core.em.prior import PRIOR_FAMILIES
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.families import FAMILIES, FamilyError, find_family, n_parameters
from gmm_core.mixture import Mixture, MixtureError, Noise, check_noise
from gmm_core.moments import overall_covariance
from gmm_core.points import Array, PointsError, as_points, as_sample_weights, quoted, split_columns
from gmm_core.selection.acceleration import SAME_FIT_GAP
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.search import MOST_IN_SAMPLE, ROUNDS, Search
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator, check_n_components, is_not_negative, whole_number
from gmm_core.starts import StartError


@dataclass(frozen=True, eq=False)
class Fit:
    """The best mixture found for a family and K, and its criteria, of which smaller is better."""

    family: str
    """A key of FAMILIES."""
    n_components: int
    """K."""
    mixture: Mixture
    """The parameters."""
    log_likelihood: float
    """Total, in nats."""
    n_parameters: int
    """Free parameters."""
    aic: float
    """Akaike's criterion."""
    bic: float
    """The Bayesian criterion."""
    icl: float
    """The integrated completed likelihood."""
    smallest_count: float
    """The points that the lightest component holds, or their weight."""
    repeats: bool
    """Whether it is no likelier than the family's fit with fewer components that stands before it: two of its
    components do the work of one."""


def sweep(
    points: ArrayLike,
    ks: Iterable[int] | int,
    families: Iterable[str] | str | None = None,
    *,
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    noise: Noise | None = None,
    n_binary: int = 0,
    tolerance: float = 1e-6,
    max_steps: int = 500,
    n_init: int = 0,
    rng: Seed = 0,
    progress: Progress | None = None,
) -> tuple[Fit, ...]:
    """A Fit to points (N, D) for every family and every K in `ks`, by families as given, then by K.

    One K or one family may be given as it is. Without `families` they are all, in the order of
    FAMILIES; with a prior, those that have one.

    Where a family's volume is free, each of its components holds more than D + 1 points: an ellipse through
    so few can be as thin as you like, and its likelihood means nothing. Where all components share one volume
    even a single point may have its own. `Fit.smallest_count` says how many points the lightest has.

    Of a family the likelihood does not fall as K grows, unless there is a prior or the weights are equal;
    `Fit.repeats` marks those that it does not raise. Where every start of a family collapsed there is no Fit.

    `reg_covar` is in squared units of the points, `tolerance` in nats a point. Of the `variant` its sample
    weights, prior and equal weights are heeded: with a prior the fits are the likeliest beside it, and the
    criteria are those of the likelihood alone. `noise` is a uniform background with the weight it begins
    with, and the last `n_binary` columns of the points are 0 or 1.

    `n_init` starts of k-means++ are drawn for each K besides the sweep's own, by `rng`, which also draws the
    sample with which starts are looked at where there are many points. With one seed the same points always
    have the same answer, on any number of threads. `progress` is told the share done, from 0 to 1, and stops
    the sweep by answering True: what has been fitted by then is returned, to ten times the tolerance.

    Raises PointsError for bad points or a K below 1 or above the number of distinct points, FamilyError for
    an unknown family, MixtureError for a negative setting, a temperature or fixed covariances, StartError for
    a negative number of starts.
    Source: Fraley & Raftery (2002), Model-based clustering, discriminant analysis, and density estimation.

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> best = min(sweep(points, [1, 2, 3], ["full", "tied"]), key=lambda fit: fit.bic)
    >>> best.family, best.n_components, round(best.bic, 2)
    ('tied', 3, 2314.3)
    """

    check_progress(progress)
    under_way = Sweeping(
        points,
        ks,
        families,
        reg_covar=reg_covar,
        variant=variant,
        noise=noise,
        n_binary=n_binary,
        tolerance=tolerance,
        max_steps=max_steps,
        n_init=n_init,
        rng=rng,
    )
    for share in under_way:
        if progress is not None and progress(share):
            break
    return under_way.end()


class Sweeping:
    """A sweep under way, for whoever wants to see it grow: iterating over it does a piece of the work and
    answers the share done, from 0 to 1; `fits` are those that there are by then, and `end` ends it."""

    def __init__(
        self,
        points: ArrayLike,
        ks: Iterable[int] | int,
        families: Iterable[str] | str | None = None,
        *,
        reg_covar: float = 0.0,
        variant: Variant = PLAIN,
        noise: Noise | None = None,
        n_binary: int = 0,
        tolerance: float = 1e-6,
        max_steps: int = 500,
        n_init: int = 0,
        rng: Seed = 0,
    ) -> None:
        """The arguments and the errors of `sweep`."""
        task = _as_task(points, n_binary, variant, noise, reg_covar)
        self._ks = _as_ks(task.numbers, ks)
        # Raises PointsError where the points have no extent.
        overall_covariance(task.numbers, task.weights)
        self._families = _as_families(families, task)
        max_steps = whole_number(max_steps, "The step limit", MixtureError)
        if not (is_not_negative(reg_covar) and is_not_negative(tolerance) and max_steps >= 1):
            raise MixtureError(
                f"reg_covar is {quoted(reg_covar)}, the tolerance {quoted(tolerance)} and the step limit "
                f"{max_steps}; give 0 or more for each, and at least 1 step."
            )
        n_init = whole_number(n_init, "The number of starts", StartError, least=0)
        if n_init < 0:
            raise StartError(f"{n_init} starts were asked for; draw 0 or more.")
        generator = as_generator(rng)
        sample = task.thinned(MOST_IN_SAMPLE, generator)
        self._task, self._models = task, _models(self._families, task)
        self._search = Search(task, sample, tolerance, max_steps, generator, n_init)

    def __iter__(self) -> Iterator[float]:
        distinct = list(dict.fromkeys(self._models.values()))
        # With how long they take beside each other: the first fits take longest, and many components.
        stages = [(self._search.upwards, k, 8 * k) for k in self._ks]
        # What is better on the way back, and up again, gives others their starts. One component needs none.
        several = [k for k in self._ks if k > 1]
        for _ in range(ROUNDS):
            stages += [(self._search.improve, k, k) for k in (*reversed(several), *several)]
        stages += [(self._search.finish, k, k) for k in self._ks]
        done, whole = 0, sum(length for *_, length in stages)
        for look, k, length in stages:
            look(k, distinct)
            done += length
            yield done / whole

    @property
    def fits(self) -> tuple[Fit, ...]:
        """By family, then by K, as far as there are any yet; they may become better."""
        return tuple(
            _fit(self._task, name, k, self._search, self._models[name], self._fewer(k))
            for name in self._families
            for k in self._ks
            if (self._models[name], k) in self._search.found
        )

    def end(self) -> tuple[Fit, ...]:
        """What `sweep` returns: of no family is the likelihood of K less than that of fewer."""
        self._search.lift()
        return self.fits

    def _fewer(self, n_components: int) -> int:
        return max((k for k in self._ks if k < n_components), default=0)


def _as_task(points: ArrayLike, n_binary: int, variant: Variant, noise: Any, reg_covar: float) -> Task:
    """The points that weigh anything, and how they are fitted."""
    check_variant(variant)
    check_noise(noise)
    if variant.covariances is not None:
        raise MixtureError(
            "Fixed covariances belong to one K and to no family, so there is nothing to sweep over; leave "
            "them out, or call restart."
        )
    if variant.temperature != 1:
        raise MixtureError(
            f"A sweep compares likelihoods, and at the temperature {variant.temperature:g} EM does not raise "
            "them; leave it at 1."
        )
    checked = as_points(points)
    split_columns(checked, n_binary)
    weights = as_sample_weights(variant.sample_weights, len(checked))
    if weights is not None:
        held = weights > 0
        checked, weights = checked[held], weights[held]
    return Task(checked, n_binary, replace(variant, sample_weights=weights), reg_covar, noise)


def _as_ks(points: Array, ks: Any) -> list[int]:
    wanted: list[Any] = list(ks) if isinstance(ks, Iterable) and not isinstance(ks, str | bytes) else [ks]  # pyright: ignore[reportUnknownArgumentType]
    if not wanted:
        raise PointsError("There is no number of components to try; give at least one.")
    for k in wanted:
        if isinstance(k, bool) or not isinstance(k, Integral) or k < 1:
            said = f"The number of components must be a whole number, not {quoted(k)}; give 1 or more."
            raise PointsError(said)
    check_n_components(points, max(wanted))
    return sorted({int(k) for k in wanted})


def _as_families(families: Any, task: Task) -> list[str]:
    if families is None:
        return [
            family.name
            for family in FAMILIES.values()
            if task.variant.prior is None or family.letters in PRIOR_FAMILIES
        ]
    several = isinstance(families, Iterable) and not isinstance(families, str | bytes)
    given: list[Any] = list(families) if several else [families]  # pyright: ignore[reportUnknownArgumentType]
    if not given:
        raise FamilyError("There is no covariance family to try; give at least one, or leave them out.")
    return list(dict.fromkeys(find_family(family).name for family in given))


def _models(names: list[str], task: Task) -> dict[str, str]:
    """By the families' names, which of them is fitted in their place: in one dimension nothing is left of a
    family but its volume, so that the first of those with the same is fitted for all."""
    if task.numbers.shape[1] > 1 or task.variant.prior is not None:
        return {name: name for name in names}
    first: dict[str, str] = {}
    return {name: first.setdefault(FAMILIES[name].letters[0], name) for name in names}


def _fit(task: Task, family: str, n_components: int, search: Search, model: str, fewer: int) -> Fit:
    """Of the `model` fitted in the family's place, beside that of `fewer` components, where there is one."""
    mixture, _, log_likelihood = search.found[model, n_components]
    below = search.found.get((model, fewer))
    parameters = n_parameters(
        family,
        n_components,
        task.numbers.shape[1],
        noise=task.noise is not None,
        equal_weights=task.variant.equal_weights,
        n_binary=task.n_binary,
    )
    entropy = classification_entropy(task.points, mixture, sample_weights=task.weights)
    return Fit(
        family,
        n_components,
        mixture,
        log_likelihood,
        parameters,
        aic(log_likelihood, parameters),
        bic(log_likelihood, parameters, task.total),
        icl(log_likelihood, parameters, task.total, entropy),
        float(mixture.weights.min()) * task.total,
        below is not None and log_likelihood <= below[2] + SAME_FIT_GAP,
    )
