"""Which pairs of columns fall apart into groups."""

import numpy as np
import pytest

from ui.uploads.structure import columns_apart, pairs_apart

RNG = np.random.default_rng(2)
N = 600
PAIR = np.array([[0, 1]])
ONE_HEAP = {
    "normal": lambda: RNG.normal(size=(2, N)),
    "tilted": lambda: np.array([[1, 0], [0.9, 0.3]]) @ RNG.normal(size=(2, N)),
    "uniform": lambda: RNG.random((2, N)),
    "skewed": lambda: RNG.exponential(size=(2, N)),
    "log-normal": lambda: RNG.lognormal(sigma=1.5, size=(2, N)),
    "heavy tails": lambda: RNG.standard_cauchy((2, N)),
    "rounded": lambda: RNG.normal(0, 3, (2, N)).round(),
    "counts": lambda: RNG.poisson(3, (2, N)).astype(float),
    "two outliers": lambda: np.hstack([RNG.normal(size=(2, N)), [[40, 41], [40, 39.0]]]),
}
LABELS = RNG.integers(0, 2, N)
SEVERAL = {
    "apart across": lambda: np.array([4.0 * LABELS, 0 * LABELS]) + RNG.normal(size=(2, N)),
    # Neither column alone shows these.
    "apart only together": lambda: (
        np.array([[1, 1], [1, -1]])
        @ (np.array([0 * LABELS, 1.5 * LABELS]) + RNG.normal(size=(2, N)) * [[3], [0.25]])
    ),
    "rounded": lambda: (np.array([12.0 * LABELS, 0 * LABELS]) + RNG.normal(0, 2, (2, N))).round(),
    "with outliers": lambda: np.hstack(
        [np.array([5.0 * LABELS, 0 * LABELS]) + RNG.normal(size=(2, N)), [[900.0], [900.0]]]
    ),
    "half missing": lambda: np.where(
        RNG.random((2, N)) < 0.3, np.nan, np.array([5.0 * LABELS, 5.0 * LABELS]) + RNG.normal(size=(2, N))
    ),
}


@pytest.mark.parametrize("kind", ONE_HEAP)
def test_one_heap_is_no_structure(kind):
    assert 0 <= pairs_apart(ONE_HEAP[kind](), PAIR)[0] < 0.1


@pytest.mark.parametrize("kind", SEVERAL)
def test_heaps_with_a_gap_between_them_are(kind):
    assert pairs_apart(SEVERAL[kind](), PAIR)[0] > 0.3


@pytest.mark.parametrize("kind", SEVERAL)
def test_units_and_order_make_no_difference(kind):
    values = SEVERAL[kind]()
    (score,) = pairs_apart(values, PAIR)
    assert pairs_apart(values * [[1e9], [1e-9]] + [[0], [3e-9]], PAIR)[0] == pytest.approx(score, rel=0.1)
    assert pairs_apart(values, PAIR)[0] == score
    assert pairs_apart(values * 1e300, PAIR)[0] == pytest.approx(score, rel=0.1)


def test_the_wider_gap_scores_higher():
    noise = RNG.normal(size=(4, N))
    values = noise + np.array([0 * LABELS, 3 * LABELS, 6 * LABELS, 0 * LABELS])
    scores = pairs_apart(values, np.array([[0, 3], [0, 1], [0, 2], [1, 2]]))
    assert scores[0] < scores[1] < scores[2]
    assert scores[3] > scores[1]
    apart = columns_apart(values)
    assert apart[0] == 0 < apart[1] < apart[2]


def test_two_columns_on_a_line_are_no_pair():
    across = RNG.normal(size=N)
    assert pairs_apart(np.array([across, 3 - 2 * across]), PAIR)[0] < 0


@pytest.mark.parametrize(
    "values", [np.zeros((2, 5)), np.full((2, 50), np.nan), np.array([[np.nan, 1.0], [2.0, np.nan]])]
)
def test_there_is_an_answer_for_whatever_is_left(values):
    assert np.isfinite(pairs_apart(values, PAIR)).all()
    assert np.isfinite(columns_apart(values)).all()
