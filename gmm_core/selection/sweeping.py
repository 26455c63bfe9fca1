"""How many components, and of which family: a fit for each, and what it is worth."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.families import FAMILIES, FamilyError, find_family, n_parameters
from gmm_core.mixture import Mixture, MixtureError
from gmm_core.moments import overall_covariance
from gmm_core.points import Array, PointsError, as_points, quoted
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.selection.search import MOST_IN_SAMPLE, Search
from gmm_core.settings import check_n_components, is_not_negative, whole_number


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


def sweep(
    points: ArrayLike,
    ks: Iterable[int] | int,
    families: Iterable[str] | str | None = None,
    *,
    reg_covar: float = 0.0,
    tolerance: float = 1e-6,
    max_steps: int = 500,
    progress: Callable[[float], bool | None] | None = None,
) -> tuple[Fit, ...]:
    """A Fit to points (N, D) for every family and every K in `ks`, by families as given, then by K.

    One K or one family may be given as it is. Without `families` they are all, in the order of FAMILIES.

    `reg_covar` is in squared units of the points, `tolerance` in nats a point.

    Of a family the likelihood does not fall as K grows. Where every start of a family collapsed there is no
    Fit. `progress` is told the share done, from 0 to 1, and stops the sweep by answering True: what has been
    fitted by then is returned. The same points always have the same answer.

    Raises PointsError for bad points or a K below 1 or above the number of distinct points, FamilyError for
    an unknown family, MixtureError for a negative setting.
    Source: Fraley & Raftery (2002), Model-based clustering, discriminant analysis, and density estimation.

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> best = min(sweep(points, [1, 2, 3], ["full", "tied"]), key=lambda fit: fit.bic)
    >>> best.family, best.n_components, round(best.bic, 2)
    ('tied', 3, 2314.3)
    """
    checked = as_points(points)
    wanted = _as_ks(checked, ks)
    # Raises PointsError where the points have no extent.
    overall_covariance(checked)
    names = _as_families(families)
    max_steps = whole_number(max_steps, "The step limit", MixtureError)
    if not (is_not_negative(reg_covar) and is_not_negative(tolerance) and max_steps >= 1):
        raise MixtureError(
            f"reg_covar is {quoted(reg_covar)}, the tolerance {quoted(tolerance)} and the step limit "
            f"{max_steps}; give 0 or more for each, and at least 1 step."
        )
    if progress is not None and not callable(progress):
        raise PointsError(
            f"What is told of the progress is {quoted(progress)}; give a function of one number."
        )
    search = Search(checked, _sample(checked), reg_covar, tolerance, max_steps)
    stages = [(search.upwards, k) for k in wanted]
    # On the way back from the largest K: a fit of K + 1 with a pair merged may be better.
    stages += [(search.downwards, k) for k in reversed(wanted) if k + 1 in wanted and k > 1]
    for done, (look, k) in enumerate(stages, 1):
        look(k, names)
        if progress is not None and progress(done / len(stages)):
            break
    search.lift()
    return tuple(
        _fit(checked, name, k, *search.found[name, k])
        for name in names
        for k in wanted
        if (name, k) in search.found
    )


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


def _as_families(families: Any) -> list[str]:
    if families is None:
        return list(FAMILIES)
    several = isinstance(families, Iterable) and not isinstance(families, str | bytes)
    given: list[Any] = list(families) if several else [families]  # pyright: ignore[reportUnknownArgumentType]
    if not given:
        raise FamilyError("There is no covariance family to try; give at least one, or leave them out.")
    return list(dict.fromkeys(find_family(family).name for family in given))


def _sample(points: Array) -> Array:
    """The points themselves, or so many of them drawn at random, always the same."""
    if len(points) <= MOST_IN_SAMPLE:
        return points
    return np.random.default_rng(0).choice(points, MOST_IN_SAMPLE, replace=False)


def _fit(points: Array, family: str, n_components: int, mixture: Mixture, log_likelihood: float) -> Fit:
    parameters = n_parameters(family, n_components, points.shape[1])
    n_points = len(points)
    return Fit(
        family,
        n_components,
        mixture,
        log_likelihood,
        parameters,
        aic(log_likelihood, parameters),
        bic(log_likelihood, parameters, n_points),
        icl(log_likelihood, parameters, n_points, classification_entropy(points, mixture)),
    )
