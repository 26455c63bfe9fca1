"""Why there is no fit of a family and K, in a sentence that is true of the points."""

import numpy as np

from gmm_core.points import Array

COLLAPSED = (
    "From every start a component closed in on too few points to have a shape; a simpler family, a prior or "
    "a regularisation would hold it."
)

FLAT = (
    "The points have no extent in some direction, so no ellipse of this kind has one; leave out a column "
    "that does not vary or follows from others, or choose circles, a prior or a regularisation."
)


def n_distinct(points: Array) -> int:
    """How many of (N, D) points are different."""
    return len(np.unique(points, axis=0))


def why_no_fit(points: Array, n_components: int) -> str:
    """Why (N, D) points allow no fit of that many components."""
    if n_components > n_distinct(points):
        return f"There are only {n_distinct(points):,} distinct points, and every component needs one."
    return FLAT if _is_flat(points) else COLLAPSED


def _is_flat(points: Array) -> bool:
    """Whether the points lie on a line, in a plane or the like, of fewer dimensions than their own."""
    spans = np.ptp(points, axis=0)
    scaled = (points - points.mean(axis=0)) / np.where(spans > 0, spans, 1.0)
    return int(np.linalg.matrix_rank(scaled, tol=1e-9 * len(points))) < points.shape[1]
