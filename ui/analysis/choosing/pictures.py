"""Small pictures of fits to the same points, for a chart whose marks are fits."""

from collections.abc import Callable, Iterable

import numpy as np

from gmm_core import Fit, Mixture, marginal
from gmm_core.mixture import shares_and_densities
from gmm_core.points import Array
from ui.analysis.choosing.likeness import matched_colours
from ui.analysis.choosing.recommendation import model_name
from ui.data import Data
from ui.figures.criteria import mark_of
from ui.stage.fit_chart import MOST_POINTS, SmallFit


def drawn(data: Data, most: int = MOST_POINTS) -> Data:
    """At most so many of the points, at even distances in their order."""
    n_points = len(data.points)
    if n_points <= most:
        return data
    return data.at(np.linspace(0, n_points - 1, most).astype(np.intp))


def shown(data: Data) -> Array:
    """(N, 1 or 2): the columns of the points that pictures show."""
    return data.points if data.points.shape[1] == 1 else data.points[:, list(data.pair)]


def shown_mixture(mixture: Mixture, data: Data) -> Mixture:
    """In the columns that pictures show."""
    return mixture if mixture.n_dimensions <= 2 else marginal(mixture, data.pair)


def colours_of(data: Data, mixture: Mixture, colours: tuple[int, ...]) -> np.ndarray:
    """(N,): the colour of each point's most probable component, -1 where that is the noise."""
    shares = shares_and_densities(data.fitted, mixture)[0]
    return np.array([*colours, -1])[shares.argmax(axis=1)]


def small_fit(
    few: Data, mixture: Mixture, reference: Mixture, *, mark: str, title: str, facts: Iterable[str], row: str
) -> SmallFit:
    """The picture of a mixture over a few points, in the colours of `reference`."""
    colours, flat = matched_colours(reference, mixture), shown_mixture(mixture, few)
    return SmallFit(
        id=mark,
        title=title,
        facts=tuple(facts),
        labels=colours_of(few, mixture, colours),
        colours=colours,
        weights=flat.weights,
        means=flat.means,
        covariances=flat.covariances,
        row=row,
    )


def failed_fit(few: Data, cell: tuple[str, int], why: str) -> SmallFit:
    """In place of a fit that there is not: the points, and why."""
    d = min(few.points.shape[1], 2)
    return SmallFit(
        id=mark_of(cell),
        title=f"{model_name(*cell)}: no fit",
        facts=(why,),
        labels=np.full(len(few.points), -1),
        colours=(),
        weights=np.empty(0),
        means=np.empty((0, d)),
        covariances=np.empty((0, d, d)),
        row=cell[0],
    )


def small_fits(
    data: Data, fits: Iterable[Fit], reference: Mixture, facts: Callable[[Fit], Iterable[str]]
) -> tuple[SmallFit, ...]:
    """Of each of a sweep's fits, with the facts that are said of it."""
    few = drawn(data)
    return tuple(
        small_fit(
            few,
            fit.mixture,
            reference,
            mark=mark_of((fit.family, fit.n_components)),
            title=model_name(fit.family, fit.n_components),
            facts=facts(fit),
            row=fit.family,
        )
        for fit in fits
    )
