"""The parameters of a fit in the units of the columns that its points were made from, for the report."""

from html import escape

import numpy as np

from ui.data.units import Units
from ui.export.html import numbers_table
from ui.export.numbers import in_units, plain
from ui.export.outcome import Outcome
from ui.export.parameters import covariance_headings, variances_and_covariances


def own_units_section(outcome: Outcome) -> str:
    """HTML of the means and covariances in the columns' own units; empty where the points are in them."""
    units = outcome.units
    if units is None or outcome.own_points is None:
        return ""
    means, covariances = units.of_mixture(outcome.run.mixture)
    medians, factors = units.log_normal(outcome.run.mixture)
    spans = _spans(outcome.own_points, units)
    rows = []
    for k in range(len(means)):
        cells = [in_units(value, span) for value, span in zip(means[k], spans, strict=True)]
        cells += [plain(value) for value in variances_and_covariances(covariances[k])]
        cells += [
            f"{plain(medians[k, axis])} ×÷ {plain(factors[k, axis], 4)}"
            for axis in np.flatnonzero(units.logs)
        ]
        rows.append(cells)
    headings = [f"{what} of {title}" for what in ("mean", "var") for title in units.titles]
    headings += covariance_headings(outcome.n_dimensions)
    headings += [
        f"{name}: median ×÷ factor" for name, log in zip(units.names, units.logs, strict=True) if log
    ]
    return (
        '<section class="wide"><h2>Parameters in the columns\' own units</h2>'
        f"{numbers_table(headings, rows)}<p>{escape(_said(units))}</p></section>"
    )


def own_centres(outcome: Outcome, centres: np.ndarray) -> str:
    """HTML of centres (K, D) in the columns' own units; empty where the points are in them."""
    units = outcome.units
    if units is None or outcome.own_points is None:
        return ""
    spans = np.ptp(outcome.own_points, axis=0)
    rows = [
        [in_units(value, span) for value, span in zip(centre, spans, strict=True)]
        for centre in units.undone(centres)
    ]
    table = numbers_table([f"centre in {name}" for name in units.names], rows)
    return f'<section class="wide"><h2>Centres in the columns\' own units</h2>{table}</section>'


def _spans(own: np.ndarray, units: Units) -> list[float]:
    """Of the columns, or of their log10 where it was taken."""
    columns = zip(own.T, units.logs, strict=True)
    return [float(np.ptp(np.log10(column) if log else column)) for column, log in columns]


def _said(units: Units) -> str:
    done = [f"log10 of {name}" for name, log in zip(units.names, units.logs, strict=True) if log]
    done += ["standardised"] * units.is_standardised
    done += ["turned and stretched"] * (units.motion is not None)
    said = f"The picture's numbers are the columns' after these steps: {', '.join(done)}."
    if any(units.logs):
        said += (
            " A Gaussian of the logarithm is log-normal in the column itself: 68 % of a component lie between"
            " the median ÷ the factor and the median × the factor."
        )
    return said
