"""The parameters of every component as a table, for the report."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

import gmm_core
from ui.data.dimensions import axis_letters
from ui.export.html import numbers_table, shortened
from ui.export.numbers import in_units, percent, significant
from ui.export.outcome import Outcome


def parameters_table(outcome: Outcome) -> str:
    """HTML of weights, means and covariances in the picture's units; in the plane, of the ellipses too, and
    on a line of the standard deviations."""
    mixture, counts = outcome.run.mixture, outcome.run.states[-1].moments.counts
    spans, letters = np.ptp(outcome.points, axis=0), axis_letters(outcome.n_dimensions)
    headings = ["weight", "holds", *(f"{what} {letter}" for what in ("mean", "var") for letter in letters)]
    headings += covariance_headings(outcome.n_dimensions)
    rows = [
        [
            percent(mixture.weights[k]),
            significant(counts[k], 4),
            *(in_units(value, span) for value, span in zip(mixture.means[k], spans, strict=True)),
            *map(significant, variances_and_covariances(mixture.covariances[k])),
        ]
        for k in range(mixture.n_components)
    ]
    if outcome.n_dimensions == 2:
        headings += ["length × width", "angle"]
        for row, axes in zip(rows, gmm_core.principal_axes(mixture.covariances), strict=True):
            row += _ellipse(*axes)
    if outcome.n_dimensions == 1:
        headings.append("width σ")
        for row, variance in zip(rows, mixture.covariances[:, 0, 0], strict=True):
            row.append(significant(np.sqrt(variance)))
    if outcome.yes_no is not None:
        headings.append(f"P({shortened(outcome.yes_no.said[1], 40)})")
        for row, probability in zip(rows, mixture.probabilities[:, 0], strict=True):
            row.append(percent(probability))
    noise = [] if mixture.noise is None else ["noise", percent(mixture.noise.amount)]
    return numbers_table(headings, rows, last=noise)


def _ellipse(long: float, short: float, angle: float) -> tuple[str, str]:
    turned = "–" if long - short < 1e-9 * long else f"{round(np.degrees(angle)) + 0}°".replace("-", "−")
    return f"{significant(long, 3)} × {significant(short, 3)}", turned


def covariance_headings(n_dimensions: int) -> list[str]:
    """What the numbers behind the variances are called, see `variances_and_covariances`."""
    if n_dimensions == 2:
        return ["cov"]
    return [f"cov {a} {b}" for a, b in combinations(axis_letters(n_dimensions), 2)]


def variances_and_covariances(covariance: np.ndarray) -> Iterator[float]:
    """The D variances of a matrix (D, D), then the D (D - 1) / 2 numbers above its diagonal, row by row."""
    yield from np.diagonal(covariance)
    yield from covariance[np.triu_indices(len(covariance), 1)]
