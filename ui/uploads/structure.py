"""How far pairs of columns fall apart into groups: a look from all sides for gaps between heaps of points.

Each pair is sphered, so that neither units nor a common trend matter, and seen from every direction in turn.
A direction counts by how deep the density falls between two peaks. Heavy tails, skewness and a few outliers
make one peak, whatever their likelihood; rounded values are spread over what they were rounded from.
"""

from __future__ import annotations

import numpy as np

_ANGLES = np.arange(16) * np.pi / 16

# Standard deviations: of the kernel that smooths a histogram, and of its bins and its reach.
_KERNEL_WIDTH, _BIN_WIDTH, _REACH = 0.25, 0.1, 4.0
_N_BINS = round(2 * _REACH / _BIN_WIDTH)

# Projected values at a time, and in all: a tenth of a second.
_VALUES_AT_ONCE, _MOST_VALUES = 500_000, 3_000_000
_FEWEST_ROWS, _MOST_ROWS = 200, 2_000

# The share of the variance of one column that the other leaves: two columns with less are one, and with a
# little more what lies between groups is too thin to be seen.
_REST_OF_A_LINE, _THIN_REST = 1e-4, 0.05

# What the lesser of two columns' own valleys adds.
_WEIGHT_OF_BOTH = 0.25

# Per cent on either side that have no say in what the unit is.
_TAIL_PERCENT = 1.0

# How deep chance alone makes a valley in the roots of counts, nearly always.
CHANCE_DEPTH = 1.2

_CENTRES = np.arange(_N_BINS) * _BIN_WIDTH
_KERNEL = np.exp(-0.5 * ((_CENTRES[:, None] - _CENTRES) / _KERNEL_WIDTH) ** 2)


def pairs_apart(values: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return (P,) how far apart groups lie in each pair (P, 2) of rows of values (C, N), NaN where missing.

    0 is for pairs of one heap, negative for two columns that lie on a line. Where both columns show groups by
    themselves that adds a little, since then neither is there for nothing. The same values always have the
    same answer.
    """
    if not len(pairs):
        return np.empty(0)
    n_rows = np.clip(_MOST_VALUES // (len(pairs) * len(_ANGLES)), _FEWEST_ROWS, _MOST_ROWS)
    columns = _in_units(_some_rows(values, int(n_rows)))
    step = max(1, _VALUES_AT_ONCE // (len(_ANGLES) * columns.shape[1]))
    seen = [_depths(*_sphered(columns, pairs[i : i + step])) for i in range(0, len(pairs), step)]
    both = np.maximum(_valleys(columns) - CHANCE_DEPTH, 0.0)[pairs].min(axis=1)
    together = np.concatenate(seen)
    return np.where(together > 0, together + _WEIGHT_OF_BOTH * both, together)


def columns_apart(values: np.ndarray) -> np.ndarray:
    """Return (C,) the same of single columns, the rows of values (C, N)."""
    columns = _in_units(_some_rows(values, _MOST_ROWS))
    return np.maximum(_valleys(columns) - CHANCE_DEPTH, 0.0)


def _some_rows(values: np.ndarray, n_rows: int) -> np.ndarray:
    n_all = values.shape[1]
    if n_all <= n_rows:
        return values
    return values[:, np.sort(np.random.default_rng(0).choice(n_all, n_rows, replace=False))]


def _in_units(values: np.ndarray) -> np.ndarray:
    """(C, N): less their medians, over the standard deviation of all but the tails, ties spread out."""
    # What has no number in these rows shows nothing.
    values = np.where(np.isnan(values).all(axis=1, keepdims=True), 0.0, values)
    largest = np.nanmax(np.abs(values), axis=1, keepdims=True)
    scaled = values / np.where(largest > 0, largest, 1.0)
    spread = scaled + _steps(scaled) * (np.random.default_rng(0).random(values.shape) - 0.5)
    centred = spread - np.nanmedian(spread, axis=1, keepdims=True)
    deviations = np.nanstd(_without_tails(centred), axis=1, keepdims=True)
    return centred / np.where(deviations > 0, deviations, 1.0)


def _steps(values: np.ndarray) -> np.ndarray:
    """(C, 1): the smallest distance of two different values of each row."""
    gaps = np.diff(np.sort(values, axis=1), axis=1)
    gaps[~(gaps > 0)] = np.inf
    least = gaps.min(axis=1, initial=np.inf)[:, None]
    return np.where(np.isfinite(least), least, 0.0)


def _without_tails(values: np.ndarray) -> np.ndarray:
    low, high = np.nanpercentile(values, [_TAIL_PERCENT, 100 - _TAIL_PERCENT], axis=1, keepdims=True)
    return np.clip(values, low, high)


def _sphered(columns: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(P, N) twice: each pair without correlation, and with deviations of 1; and (P,) what was not common."""
    clipped = _without_tails(columns)
    known = ~np.isnan(clipped)
    centred = np.where(known, clipped - np.nanmean(clipped, axis=1, keepdims=True), 0.0)
    first, second = pairs.T
    both = (known[first] & known[second]).sum(axis=1)
    products = np.einsum("pn,pn->p", centred[first], centred[second]) / np.maximum(both, 1)
    correlations = np.clip(products, -1.0, 1.0)[:, None]
    rest = 1.0 - correlations**2
    across = columns[first]
    upwards = (columns[second] - correlations * across) / np.sqrt(np.maximum(rest, _REST_OF_A_LINE))
    return across, upwards, np.where(both < 2, 0.0, rest[:, 0])


def _depths(across: np.ndarray, upwards: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """(P,): the valleys seen, deeper than by chance, on average over the directions."""
    cosines, sines = np.cos(_ANGLES)[:, None, None], np.sin(_ANGLES)[:, None, None]
    seen = np.maximum(_valleys(cosines * across + sines * upwards) - CHANCE_DEPTH, 0.0).mean(axis=0)
    return np.where(rest < _REST_OF_A_LINE, -1.0, seen * np.minimum(rest / _THIN_REST, 1.0))


def _valleys(projections: np.ndarray) -> np.ndarray:
    """(...): the deepest valley between two peaks of the density of projections (..., N).

    In roots of smoothed counts, whose scatter by chance is the same at every height.
    """
    shape = projections.shape[:-1]
    flat = projections.reshape(-1, projections.shape[-1])
    outside = ~(np.abs(flat) < _REACH)
    bins = np.where(outside, 0.0, (flat + _REACH) / _BIN_WIDTH).astype(np.intp)
    bins += _N_BINS * np.arange(len(flat))[:, None]
    counts = np.bincount(bins[~outside], minlength=_N_BINS * len(flat)).reshape(-1, _N_BINS)
    roots = np.sqrt(counts @ _KERNEL)
    left = np.maximum.accumulate(roots, axis=1)
    right = np.maximum.accumulate(roots[:, ::-1], axis=1)[:, ::-1]
    return (np.minimum(left, right) - roots).max(axis=1).reshape(shape)
