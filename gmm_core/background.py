"""The background noise to begin with: a uniform density over the region of the points."""

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.mixture import MixtureError, Noise
from gmm_core.moments import overall_covariance
from gmm_core.points import Array, as_points, quoted, split_columns
from gmm_core.settings import is_not_negative

FIRST_AMOUNT = 0.05


def default_noise(points: ArrayLike, *, amount: float = FIRST_AMOUNT, n_binary: int = 0) -> Noise:
    """Noise of the weight `amount`, from 0 to less than 1, that fills the region of points (N, D + n_binary).

    Its volume is the smaller of two boxes that hold all points: one along the axes, one along the points' own
    principal axes; the last `n_binary` columns are 0 or 1, and each doubles it: to noise both values are
    alike. Raises PointsError for bad points, MixtureError for another amount, or where the points do
    not spread in every direction.
    Source: Fraley & Raftery (2002), Model-based clustering, discriminant analysis, and density estimation,
    section 3.2.2, whose volume is this one in mclust.

    >>> default_noise([[0, 0], [2, 0], [0, 3], [2, 3]]).volume
    6.0
    """
    if not (is_not_negative(amount) and amount < 1):
        raise MixtureError(f"The noise has the weight {quoted(amount)}; give one from 0 to less than 1.")
    _, edges = noise_region(points, n_binary=n_binary)
    return Noise(amount, float(abs(np.linalg.det(edges))) * 2.0**n_binary)


def noise_region(points: ArrayLike, *, n_binary: int = 0) -> tuple[Array, Array]:
    """The box that the noise of points (N, D + n_binary) fills: a corner (D,) and the D edges (D, D) that
    leave it, in rows. It is the smaller of the two of `default_noise`, which has the errors and the source.

    >>> noise_region([[0, 0], [2, 0], [0, 3], [2, 3]])[0].tolist()
    [0.0, 0.0]
    """
    checked, _ = split_columns(as_points(points), n_binary)
    low, high = checked.min(axis=0), checked.max(axis=0)
    spans: Array = high - low
    if (spans == 0).any():
        raise MixtureError("The points do not spread in every direction; drop columns that are constant.")
    # In units of the spans, so that units do not matter.
    scaled: Array = (checked - checked[0]) / spans
    # The long axis first, each towards where it mostly points, so that a box has one name.
    axes: Array = np.linalg.eigh(overall_covariance(scaled))[1][:, ::-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(axes))])
    turned: Array = scaled @ axes
    lengths: Array = turned.max(axis=0) - turned.min(axis=0)
    volume = float(lengths.prod())
    if volume <= 1e-12:
        raise MixtureError(
            "The points do not spread in every direction; drop columns that follow from others."
        )
    if volume >= 1.0:
        return low, np.diag(spans)
    return checked[0] + spans * (axes @ turned.min(axis=0)), (axes * lengths).T * spans
