"""A fit as a picture shows it: a few points in one or two columns, their components, and the shapes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import gmm_core
from gmm_core import Mixture
from gmm_core.points import Array
from ui.data import Data, frame_of
from ui.stage.codec import scale_of
from ui.stage.fit_chart import SmallFit

MOST_PICTURED = 800
"""Points of a picture; of more, as many at even distances in their order."""


@dataclass(frozen=True, eq=False)
class Pictured:
    """What is drawn of a fit."""

    points: Array
    """(N', d), d being 1 or 2."""
    labels: NDArray[np.int64]
    """(N',): the likeliest component of each, -1 where noise is likelier."""
    weights: Array
    """(K,)"""
    means: Array
    """(K, d)"""
    covariances: Array
    """(K, d, d)"""
    columns: tuple[str, ...]
    """d texts."""
    extent: tuple[float, ...]
    """x0, x1, and in the plane y0, y1."""
    colours: tuple[int, ...]
    """K places in the palette."""

    @property
    def equal(self) -> bool:
        """Whether both axes have one scale."""
        return len(self.extent) == 4 and scale_of(self.extent) == "equal"


def pictured(
    data: Data, mixture: Mixture, most: int = MOST_PICTURED, colours: tuple[int, ...] = ()
) -> Pictured:
    """The mixture and at most so many of the points that it was fitted to, in the pair of columns that is
    shown; each component in the colour of its place unless there are others."""
    n_points, n_dimensions = data.points.shape
    pair = list(data.pair) if n_dimensions > 1 else [0]
    rows = np.linspace(0, n_points - 1, min(most, n_points)).astype(np.intp)
    frame = frame_of(tuple(data.extent[axis] for axis in pair))
    return Pictured(
        data.points[rows][:, pair],
        labels_of(data.fitted[rows], mixture),
        mixture.weights,
        mixture.means[:, pair],
        mixture.covariances[:, pair][:, :, pair],
        tuple(data.columns[axis] for axis in pair),
        frame,
        colours or tuple(range(mixture.n_components)),
    )


def small_fit(shown: Pictured, id: str, title: str, facts: tuple[str, ...], row: str = "") -> SmallFit:
    """The same for a mark of a chart of fits."""
    colours = np.array([*shown.colours, -1])
    return SmallFit(
        id,
        title,
        facts,
        colours[shown.labels],
        shown.colours,
        shown.weights,
        shown.means,
        shown.covariances,
        row,
    )


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
