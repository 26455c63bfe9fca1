"""A box about points: the lowest and the highest value of every dimension, with room to spare."""

import numpy as np

Extent = tuple[tuple[float, float], ...]
"""(low, high) of each of D dimensions, low < high."""

EMPTY_EXTENT: Extent = ((-6.0, 6.0),) * 2
"""Where no points are, there must still be a place to draw some; of a line the first alone."""


def extent_of(points: np.ndarray, margin: float = 0.08) -> Extent:
    """The box about points (N, D), N >= 1, with a share of the span to spare on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    widest = max(float((high - low).max()), 1e-6 * float(np.abs(high).max()), 1e-9)
    span = np.where(high > low, high - low, widest)
    low, high = low - margin * span, high + margin * span
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def around_both(a: Extent, b: Extent) -> Extent:
    """The smallest box about two of the same number of dimensions."""
    return tuple(
        (min(low, other_low), max(high, other_high))
        for (low, high), (other_low, other_high) in zip(a, b, strict=True)
    )


def frame_of(extent: Extent) -> tuple[float, ...]:
    """The box as a picture takes it: x0, x1, in the plane y0, y1, and so on."""
    return tuple(bound for bounds in extent for bound in bounds)
