"""Fits as pictures show them: some of the points in one or two columns, shapes, and colours that match."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

import gmm_core
from gmm_core import Fit, Mixture
from gmm_core.points import Array
from ui.analysis.choosing.recommendation import model_name, name_of
from ui.data import Data, frame_of
from ui.figures.criteria import mark_of
from ui.figures.fit_picture import Pictured
from ui.stage.codec import scale_of
from ui.stage.fit_chart import MOST_POINTS, SmallFit

MOST_PICTURED = 800
"""Points of a picture; of more, as many at even distances in their order."""


def pictured(
    data: Data, mixture: Mixture, most: int = MOST_PICTURED, colours: tuple[int, ...] = ()
) -> Pictured:
    """The mixture and at most so many of the points that it was fitted to, in the pair of columns that is
    shown; each component in the colour of its place unless there are others."""
    n_points, n_dimensions = data.points.shape
    pair = list(data.pair) if n_dimensions > 1 else [0]
    rows = np.linspace(0, n_points - 1, min(most, n_points)).astype(np.intp)
    extent = frame_of(tuple(data.extent[axis] for axis in pair))
    # Noise has a volume in all columns, and is left out where some of them are.
    noise = mixture.noise if n_dimensions == len(pair) else None
    weights = mixture.weights if noise else mixture.weights / mixture.weights.sum()
    means, covariances = mixture.means[:, pair], mixture.covariances[:, pair][:, :, pair]
    return Pictured(
        data.points[rows][:, pair],
        labels_of(data.fitted[rows], mixture),
        Mixture(weights, means, covariances, noise),
        tuple(data.columns[axis] for axis in pair),
        extent,
        colours or tuple(range(mixture.n_components)),
        len(pair) == 2 and scale_of(extent) == "equal",
    )


def small_fit(shown: Pictured, id: str, title: str, facts: tuple[str, ...], row: str = "") -> SmallFit:
    """The same for a mark of a chart of fits."""
    mixture, hues = shown.mixture, np.array([*shown.colours, -1])[shown.labels]
    return SmallFit(
        id, title, facts, hues, shown.colours, mixture.weights, mixture.means, mixture.covariances, row
    )


def small_fits(
    data: Data, fits: Iterable[Fit], reference: Mixture, facts: Callable[[Fit], tuple[str, ...]]
) -> tuple[SmallFit, ...]:
    """Of each of a sweep's fits, in the colours of `reference`, with the facts that are said of it."""
    return tuple(
        small_fit(
            pictured(data, fit.mixture, MOST_POINTS, colours_like(reference, fit.mixture)),
            mark_of((fit.family, fit.n_components)),
            name_of(fit),
            facts(fit),
            fit.family,
        )
        for fit in fits
    )


def failed_fit(shown: Pictured, cell: tuple[str, int], why: str) -> SmallFit:
    """In place of a fit that there is not: the points, and why."""
    n_points, d = shown.points.shape
    nowhere = np.full(n_points, -1)
    nothing = np.empty(0), np.empty((0, d)), np.empty((0, d, d))
    return SmallFit(mark_of(cell), f"{model_name(*cell, d)}: no fit", (why,), nowhere, (), *nothing, cell[0])


def labels_of(fitted: Array, mixture: Mixture) -> NDArray[np.int64]:
    """(N,): the likeliest component of points (N, D + B), -1 where noise is likelier than each of them."""
    shares = gmm_core.responsibilities(fitted, mixture)
    labels = shares.argmax(axis=1)
    if mixture.noise is not None:
        labels = np.where(1.0 - shares.sum(axis=1) > shares.max(axis=1), -1, labels)
    return labels


def colours_like(reference: Mixture, mixture: Mixture) -> tuple[int, ...]:
    """(K,): for every component of `mixture` the place of its partner in `reference`, and places that are
    free there for those without one."""
    partners = gmm_core.match_components(mixture, reference)
    free = iter(range(reference.n_components, reference.n_components + mixture.n_components))
    return tuple(int(partner) if partner >= 0 else next(free) for partner in partners)


def matched_to(reference: Mixture, mixture: Mixture) -> Mixture:
    """The mixture with its components in the order of their partners in `reference`, so that what is alike
    has one colour; those without a partner come last, the heavier first."""
    partners = gmm_core.match_components(reference, mixture)
    taken = partners[partners >= 0].tolist()
    left = [int(k) for k in np.argsort(-mixture.weights, kind="stable") if k not in taken]
    return in_order(mixture, [*taken, *left])


def in_order(mixture: Mixture, order: list[int]) -> Mixture:
    """The same mixture with its components in another order, by their indices."""
    return Mixture(
        mixture.weights[order],
        mixture.means[order],
        mixture.covariances[order],
        mixture.noise,
        mixture.probabilities[order],
    )
