"""Which component a point most probably came from."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.log_joint import chunks, log_joint
from gmm_core.mixture import Mixture, check_mixture
from gmm_core.points import as_points, check_binary


def predict(points: ArrayLike, mixture: Mixture) -> NDArray[np.int64]:
    """(N,): the component of the largest responsibility for each of points (N, D), -1 where that is the
    noise's; of equals the first, and a component before the noise.

    No choice has a smaller probability of being wrong. No array of N x K is made. Raises PointsError as
    `responsibilities`. Source: Bishop, Pattern Recognition and Machine Learning (2006), 1.5.1.

    >>> mixture = Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]])
    >>> predict([[-1.0], [2.0], [5.0]], mixture).tolist()
    [0, 0, 1]
    """
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    check_binary(checked[:, mixture.n_dimensions :])
    # Of the log-joints: shares that are both all but 1 or all but 0 could not be told apart.
    best = [log_joint(chunk, mixture.log_joint).argmax(axis=0) for chunk in chunks(checked)]
    labels = np.concatenate(best).astype(np.int64)
    labels[labels == mixture.n_components] = -1
    return labels
