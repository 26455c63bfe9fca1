"""Some columns of a mixture: whatever the others are, or where the others have been seen.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 2.3.1-2.3.2, component by component.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.log_joint import FARTHEST, LOG_TWO_PI, safe_log
from gmm_core.mixture import Mixture, MixtureError, check_mixture, without_noise
from gmm_core.points import LARGEST, Array, quoted
from gmm_core.settings import is_finite, whole_number


def marginal(mixture: Mixture, columns: Iterable[int] | int) -> Mixture:
    """The mixture of some columns of its points, in the order in which they are named (Bishop eq. 2.98).

    Columns count from 0: the D numbers, then the binary ones, as points have them; in the result too the
    binary ones come last. It has as many components, of the same weights.

    Raises MixtureError for columns that are not there, named twice, none of numbers, a binary one before one
    of numbers, or noise where a column is left out, since what it fills of the others is unknown.

    >>> mixture = Mixture([1.0], [[1.0, 2.0]], [[[4.0, 1.0], [1.0, 9.0]]])
    >>> marginal(mixture, 1).covariances.tolist()
    [[[9.0]]]
    """
    check_mixture(mixture)
    chosen = _as_columns(columns, mixture.n_columns)
    if len(chosen) < mixture.n_columns:
        mixture = without_noise(mixture, "its part in some of the columns")
    numbers, binary = _split(mixture, chosen)
    if not len(numbers):
        raise MixtureError("A mixture needs a column of numbers, and none is among those asked for; add one.")
    if chosen[: len(numbers)] != numbers.tolist():
        raise MixtureError("The binary columns of a mixture come last; name those of numbers before them.")
    return Mixture(
        mixture.weights,
        mixture.means[:, numbers],
        mixture.covariances[:, numbers[:, None], numbers],
        mixture.noise,
        mixture.probabilities[:, binary],
    )


def conditional(mixture: Mixture, given: Mapping[int, float]) -> Mixture:
    """The mixture of the other columns, in their order, where those `given` have these values (Bishop eqs.
    2.81-2.82): {column: value}, in the units of the points, 0 or 1 for a binary column.

    Columns count from 0: the D numbers, then the binary ones. Each component keeps its index; its weight is
    its responsibility for what is given, and within a component a binary column says nothing of the others.
    The covariances do not depend on the values.

    Raises MixtureError for columns that are not there, values that are no finite numbers or that no component
    can take, no column of numbers left over, or noise, since what it fills of the others is unknown.

    >>> mixture = Mixture([1.0], [[1.0, 2.0]], [[[4.0, 1.0], [1.0, 9.0]]])
    >>> seen = conditional(mixture, {0: 3.0})
    >>> seen.means.tolist(), seen.covariances.tolist()
    ([[2.5]], [[[8.75]]])
    """
    check_mixture(mixture)
    values = _as_given(given, mixture)
    if not values:
        return mixture
    mixture = without_noise(mixture, "its part where some columns are given")
    seen, seen_binary = _split(mixture, list(values))
    others, other_binary = _split(mixture, [d for d in range(mixture.n_columns) if d not in values])
    if not len(others):
        raise MixtureError(
            "A mixture needs a column of numbers, and all of them are given; leave one out of `given`."
        )
    numbers = np.array([values[int(d)] for d in seen])
    ones = np.array([values[int(d) + mixture.n_dimensions] for d in seen_binary])
    log_weights, means, covariances = _given_numbers(mixture, seen, others, numbers)
    terms = mixture.log_joint
    if len(ones):
        log_weights = log_weights + terms.log_failures[:, seen_binary] @ (1.0 - ones)
        log_weights = log_weights + terms.log_successes[:, seen_binary] @ ones
    largest = log_weights.max()
    if largest < -0.25 * FARTHEST:
        raise MixtureError(
            "No component can take the values that are given; give some that the mixture has a density for."
        )
    weights = np.exp(log_weights - largest)
    return Mixture(
        weights / weights.sum(), means, covariances, probabilities=mixture.probabilities[:, other_binary]
    )


def _given_numbers(
    mixture: Mixture, seen: NDArray[np.intp], others: NDArray[np.intp], values: Array
) -> tuple[Array, Array, Array]:
    """(K,): the log of weight times density of the `values`; and the others' means and covariances.

    By the Cholesky factor in the order (seen, others), its rows scaled to unit variance: the covariance of
    the others is that of the last block, so it cannot cancel below 0, and units do not matter.
    """
    order = np.concatenate([seen, others])
    covariances = mixture.covariances[:, order[:, None], order]
    deviations = np.sqrt(np.einsum("kdd->kd", covariances))
    try:
        correlations = covariances / deviations[:, :, None] / deviations[:, None, :]
        factors = np.asarray(np.linalg.cholesky(correlations), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise MixtureError(
            "A covariance is so near to singular that it has no Cholesky factor in another order of its "
            "columns; add a small amount to its diagonal."
        ) from None
    first = len(seen)
    corner, side, rest = factors[:, :first, :first], factors[:, first:, :first], factors[:, first:, first:]
    spread, spread_of_others = deviations[:, :first], deviations[:, first:]
    with np.errstate(over="ignore"):
        shifts = ((values - mixture.means[:, seen]) / spread)[:, :, None]
        whitened = np.asarray(np.linalg.solve(corner, shifts), dtype=np.float64)
        squared = np.minimum((whitened**2).sum(axis=(1, 2)), FARTHEST)
    log_scales = np.log(np.einsum("kdd->kd", corner) * spread).sum(axis=1)
    log_weights = safe_log(mixture.weights) - 0.5 * squared - log_scales - 0.5 * first * LOG_TWO_PI
    means = mixture.means[:, others] + spread_of_others * (side @ whitened)[:, :, 0]
    remaining = rest @ rest.transpose(0, 2, 1)
    remaining = 0.5 * (remaining + remaining.transpose(0, 2, 1))
    return log_weights, means, remaining * spread_of_others[:, :, None] * spread_of_others[:, None, :]


def _split(mixture: Mixture, columns: list[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers among them, and the binary ones, counted from the first of their kind."""
    every, n_dimensions = np.array(columns, dtype=np.intp), mixture.n_dimensions
    return every[every < n_dimensions], every[every >= n_dimensions] - n_dimensions


def _as_columns(columns: Any, n_columns: int) -> list[int]:
    several = isinstance(columns, Iterable) and not isinstance(columns, str | bytes | Mapping)
    named: list[Any] = list(columns) if several else [columns]  # pyright: ignore[reportUnknownArgumentType]
    chosen = [_as_column(column, n_columns) for column in named]
    if not chosen:
        raise MixtureError("There is no column to keep; name at least one.")
    if len(set(chosen)) < len(chosen):
        raise MixtureError("A column is named twice; name each once.")
    return chosen


def _as_column(column: Any, n_columns: int) -> int:
    found = whole_number(column, "A column", MixtureError, least=0)
    if not 0 <= found < n_columns:
        raise MixtureError(f"There is no column {found}; the mixture has those from 0 to {n_columns - 1}.")
    return found


def _as_given(given: Any, mixture: Mixture) -> dict[int, float]:
    if not isinstance(given, Mapping):
        raise MixtureError(
            f"What is given must be a mapping of columns to values, not {quoted(given)}; write {{0: 1.5}}."
        )
    values: dict[int, float] = {}
    for column, value in given.items():  # pyright: ignore[reportUnknownVariableType]
        found = _as_column(column, mixture.n_columns)
        if not is_finite(value) or abs(float(value)) > LARGEST:  # pyright: ignore[reportUnknownArgumentType]
            raise MixtureError(f"Column {found} is given as {quoted(value)}; give a finite number.")
        values[found] = float(value)  # pyright: ignore[reportUnknownArgumentType]
        if found >= mixture.n_dimensions and values[found] not in (0.0, 1.0):
            raise MixtureError(f"Column {found} is binary and given as {values[found]:g}; give 0 or 1.")
    return values
