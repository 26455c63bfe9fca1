"""How two ways of dividing the same points agree: here, true labels and the components of a fit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from gmm_core.mixture import Mixture, chunks, log_joint, normalize
from gmm_core.points import Array, PointsError, as_points


def shared_counts(points: Any, labels: Any, mixture: Mixture) -> Array:
    """(L, K): the responsibilities of every component summed over the points of every label 0 to L - 1.

    Points with a negative label count nowhere. Raises PointsError for bad points, or labels that are not
    one whole number a point.
    """
    checked = as_points(points, mixture.n_dimensions)
    kinds = np.asarray(labels)
    if kinds.shape != (len(checked),) or not np.issubdtype(kinds.dtype, np.integer):
        raise PointsError(
            f"There must be one whole-number label for each of {len(checked)} points; give them."
        )
    n_labels = int(max(kinds.max(), -1)) + 1
    shared = np.zeros((n_labels, mixture.n_components))
    first = 0
    for chunk in chunks(checked):
        here = kinds[first : first + len(chunk)]
        first += len(chunk)
        shares, _ = normalize(log_joint(chunk, mixture))
        np.add.at(shared, here[here >= 0], shares[here >= 0])
    return shared


def match(shared: Any) -> NDArray[np.int64]:
    """(L,): for each row of `shared` (L, K) the column it is paired with, -1 where columns run out.

    The pairs share the largest total that any one-to-one pairing can. Source: Kuhn (1955), the Hungarian
    method.

    >>> match([[1, 9], [8, 2], [3, 3]]).tolist()
    [1, 0, -1]
    """
    table = np.asarray(shared, dtype=np.float64)
    rows, columns = linear_sum_assignment(table, maximize=True)
    paired = np.full(len(table), -1, dtype=np.int64)
    paired[rows] = columns
    return paired
