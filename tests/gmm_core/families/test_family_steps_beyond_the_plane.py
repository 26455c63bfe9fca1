"""The M-steps in 3 dimensions and more: against numerical optimisation and the search in the plane."""

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from gmm_core import FAMILIES
from gmm_core.families import find_family
from gmm_core.points import Array

LETTERS = [family.letters for family in FAMILIES.values()]
SEARCHED = [family.letters for family in FAMILIES.values() if family.maximum_in_the_plane]
# Every member of the first belongs to the second too.
NESTED = [
    (narrow, wide)
    for narrow, wide in itertools.permutations(LETTERS, 2)
    if all("IEV".index(a) <= "IEV".index(b) for a, b in zip(narrow, wide, strict=True))
]


def step(letters: str, counts: Array, scatters: Array) -> Array:
    return find_family(letters).covariances(counts, scatters)


def random_statistics(
    rng: np.random.Generator,
    n_components: int,
    n_dimensions: int,
    *,
    thinness: float = 3.0,
    leading: tuple[int, ...] = (),
) -> tuple[Array, Array]:
    """Counts (..., K) and scatters (..., K, D, D) along axes of their own, of eigenvalues that differ by a
    factor up to e^thinness."""
    shape = (*leading, n_components)
    counts = rng.uniform(1, 50, shape)
    axes = np.linalg.qr(rng.standard_normal((*shape, n_dimensions, n_dimensions)))[0]
    roots = np.exp(-rng.uniform(0, thinness, (*shape, n_dimensions)))
    roots *= (counts * np.exp(rng.standard_normal(shape)))[..., None]
    return counts, (axes * roots[..., None, :]) @ np.swapaxes(axes, -1, -2)


def cost(counts: Array, scatters: Array, covariances: Array) -> Any:
    """Minus twice what the M-step maximises, but for constants."""
    traces = np.einsum("...kij,...kji->...", scatters, np.linalg.inv(covariances))
    return np.vecdot(counts, np.linalg.slogdet(covariances)[1]) + traces


def assert_same(actual: Array, expected: Array, *, tolerance: float) -> None:
    """Each covariance against its own largest entry."""
    slack = tolerance * np.abs(expected).max(axis=(-1, -2), keepdims=True)
    assert (np.abs(actual - expected) <= slack).all()


# Maxima


class Member:
    """The members of a family as a smooth function of free numbers: volumes, shapes, turns."""

    def __init__(self, letters: str, n_components: int, n_dimensions: int) -> None:
        self.n_components, self.n_dimensions = n_components, n_dimensions
        sizes = (1, n_dimensions - 1, n_dimensions * (n_dimensions - 1) // 2)
        copies = [{"E": 1, "V": n_components, "I": 0}[letter] for letter in letters]
        self.parts = list(zip(copies, sizes, strict=True))
        self.n_numbers = sum(n * size for n, size in self.parts)

    def covariances(self, numbers: Array) -> Array:
        """(..., K, D, D) of numbers (..., P)."""
        leading = numbers.shape[:-1]
        each, begin = [], 0
        for n, size in self.parts:
            part = numbers[..., begin : begin + n * size].reshape(*leading, n, size)
            each.append(part if n else np.zeros((*leading, 1, size)))
            begin += n * size
        volumes, shapes, turns = (
            np.broadcast_to(part, (*leading, self.n_components, part.shape[-1])) for part in each
        )
        logs = np.concatenate([shapes, -shapes.sum(axis=-1, keepdims=True)], axis=-1) + volumes
        skew = np.zeros((*leading, self.n_components, self.n_dimensions, self.n_dimensions))
        first, second = np.triu_indices(self.n_dimensions, 1)
        skew[..., first, second], skew[..., second, first] = turns, -turns
        unit = np.eye(self.n_dimensions)
        axes = np.linalg.solve(unit - skew, unit + skew)
        return (axes * np.exp(logs)[..., None, :]) @ np.swapaxes(axes, -1, -2)

    def lowest(self, counts: Array, scatters: Array, start: Array) -> float:
        nudges = 1e-5 * np.eye(self.n_numbers)

        def value(numbers: Array) -> Any:
            return cost(counts, scatters, self.covariances(numbers))

        def slope(numbers: Array) -> Any:
            return (value(numbers + nudges) - value(numbers - nudges)) / 2e-5

        return float(minimize(value, start, jac=slope, method="BFGS", options={"gtol": 1e-4}).fun)


@pytest.mark.parametrize("n_dimensions", [2, 3, 4, 6])
@pytest.mark.parametrize("letters", SEARCHED)
def test_numerical_optimisation_finds_nothing_better(letters: str, n_dimensions: int) -> None:
    """From several starts, over free volumes, shapes and turns."""
    rng = np.random.default_rng(0)
    for thinness in (1.0, 4.0):
        counts, scatters = random_statistics(rng, 3, n_dimensions, thinness=thinness)
        ours = cost(counts, scatters, step(letters, counts, scatters))
        member = Member(letters, 3, n_dimensions)
        starts = 0.7 * rng.standard_normal((3, member.n_numbers))
        found = min(member.lowest(counts, scatters, start) for start in starts)
        assert ours <= found + 1e-8 * abs(found)
        # So the comparison says something: one of the starts comes as far.
        assert found <= ours + 0.05 * counts.sum()


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("n_dimensions", [3, 6])
def test_it_is_never_worse_than_what_was_before(letters: str, n_dimensions: int) -> None:
    """Members of the family that were the best of all for statistics much like these."""
    rng = np.random.default_rng(4)
    counts, scatters = random_statistics(rng, 6, n_dimensions, leading=(40,))
    shaken = scatters * np.exp(0.3 * rng.standard_normal(counts.shape))[..., None, None]
    before = step(letters, counts, shaken)
    found = find_family(letters).covariances(counts, scatters, before)
    costs = [cost(counts, scatters, covariances) for covariances in (before, found)]
    assert (costs[1] <= costs[0] + 1e-12 * np.abs(costs[0])).all()


@pytest.mark.parametrize(("narrow", "wide"), NESTED)
@pytest.mark.parametrize("n_dimensions", [3, 6])
def test_a_wider_family_is_never_worse(narrow: str, wide: str, n_dimensions: int) -> None:
    counts, scatters = random_statistics(np.random.default_rng(1), 4, n_dimensions, leading=(10,))
    costs = [cost(counts, scatters, step(letters, counts, scatters)) for letters in (narrow, wide)]
    assert (costs[1] <= costs[0] + 1e-10 * np.abs(costs[0])).all()


@pytest.mark.parametrize("letters", SEARCHED)
@pytest.mark.parametrize("thinness", [1.0, 4.0, 8.0])
def test_in_the_plane_the_search_for_any_dimension_finds_what_the_exact_one_does(
    letters: str, thinness: float
) -> None:
    family = find_family(letters)
    assert family.maximum_in_the_plane is not None
    for n_components in (1, 2, 4, 9):
        counts, scatters = random_statistics(
            np.random.default_rng(2), n_components, 2, thinness=thinness, leading=(20,)
        )
        exact = family.maximum_in_the_plane(counts, scatters)
        found = cost(counts, scatters, family.maximum(counts, scatters))
        np.testing.assert_allclose(
            found, cost(counts, scatters, exact), rtol=0, atol=1e-11 * counts.sum(axis=-1).max()
        )


@pytest.mark.parametrize("letters", SEARCHED)
@pytest.mark.parametrize("n_dimensions", [3, 20])
def test_common_structure_in_the_scatters_is_found(letters: str, n_dimensions: int) -> None:
    """Scatters of a member of the family, from axes that are nobody's own, are its own maximum."""
    rng = np.random.default_rng(3)
    volume, shape, turn = letters
    volumes = np.exp(rng.standard_normal((3, 1)) * (volume == "V"))
    shapes = rng.standard_normal((3, n_dimensions))
    shapes = shapes if shape == "V" else np.tile(shapes[0], (3, 1))
    axes = np.linalg.qr(rng.standard_normal((3, n_dimensions, n_dimensions)))[0]
    axes = axes if turn == "V" else np.tile(axes[0] if turn == "E" else np.eye(n_dimensions), (3, 1, 1))
    roots = volumes * np.exp(shapes - shapes.mean(axis=1, keepdims=True))
    members = (axes * roots[:, None, :]) @ axes.transpose(0, 2, 1)
    counts = rng.uniform(5, 50, 3)
    found = step(letters, counts, counts[:, None, None] * members)
    assert_same(found, members, tolerance=1e-8)


# Many at once, units, and what is thin or flat


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("n_dimensions", [3, 6])
def test_a_batch_is_stepped_as_each_alone(letters: str, n_dimensions: int) -> None:
    counts, scatters = random_statistics(np.random.default_rng(6), 3, n_dimensions, leading=(2, 3))
    together = step(letters, counts, scatters)
    assert together.shape == scatters.shape
    for place in np.ndindex(2, 3):
        assert_same(together[place], step(letters, counts[place], scatters[place]), tolerance=1e-12)


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("thinness", [1.0, 8.0])
@pytest.mark.parametrize("unit", [1e-18, 1e-9, 1e9, 1e18])
def test_units_do_not_matter(letters: str, thinness: float, unit: float) -> None:
    # A power of 2 near the unit, so that no digit changes.
    factor = 2.0 ** round(2 * np.log2(unit))
    counts, scatters = random_statistics(np.random.default_rng(7), 4, 3, thinness=thinness, leading=(5,))
    scaled = step(letters, counts, factor * scatters) / factor
    assert_same(scaled, step(letters, counts, scatters), tolerance=1e-9)


ROUND = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, 0.3], [0.1, 0.3, 1.5]])
LINE, SHEET = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), np.diag([1.0, 1.0, 0.0])
FLAT, UPRIGHT, NOTHING = np.diag([3.0, 0.0, 0.0]), np.diag([0.0, 0.0, 2.0]), np.zeros((3, 3))
SINGULAR = {
    "a line": [LINE, ROUND, 2 * ROUND],
    "most on a line": [LINE, 2 * LINE, ROUND],
    "all on parallel lines": [LINE, LINE, 3 * LINE],
    "a sheet": [SHEET, ROUND, ROUND],
    "all on a sheet": [SHEET, SHEET, 2 * SHEET],
    "a tilted sheet": [LINE + SHEET, LINE + SHEET, ROUND],
    "most flat": [FLAT, FLAT, ROUND],
    "crossed": [FLAT, UPRIGHT, ROUND],
    "crossed, and no more": [FLAT, UPRIGHT, FLAT],
    "a single place": [NOTHING, ROUND, ROUND],
    "single places": [NOTHING, NOTHING, NOTHING],
    "one line alone": [LINE],
    "one place alone": [NOTHING],
    "next to nothing": [ROUND, np.diag([5e-324, 0.0, 1e-310]), 3 * ROUND],
}


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("case", SINGULAR)
@pytest.mark.parametrize("unit", [1.0, 1e-36, 1e36, 1e-150, 1e150])
def test_singular_scatters_have_a_finite_limit(letters: str, case: str, unit: float) -> None:
    scatters = unit * np.array(SINGULAR[case])
    covariances = step(letters, np.linspace(5.0, 2.0, len(scatters)), scatters)
    assert np.isfinite(covariances).all()
    assert np.array_equal(covariances, covariances.transpose(0, 2, 1))
    assert (np.diagonal(covariances, axis1=1, axis2=2) >= 0).all()
