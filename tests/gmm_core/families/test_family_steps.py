"""The M-steps in the plane: exact against brute force and other people's EM, whatever the units and however
many mixtures are stepped at once."""

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar

from gmm_core import FAMILIES, Moments, expected_moments, iterate, m_step
from gmm_core.em import expected_log_joint
from gmm_core.families import find_family
from gmm_core.families.closed_forms import pooled
from gmm_core.mixture import Mixture
from gmm_core.points import Array
from gmm_core.principal import principal
from tests.oracles import old_faithful, table, trajectories

LETTERS = [family.letters for family in FAMILIES.values()]
# Every member of the first belongs to the second too.
NESTED = [
    (narrow, wide)
    for narrow, wide in itertools.permutations(LETTERS, 2)
    if all("IEV".index(a) <= "IEV".index(b) for a, b in zip(narrow, wide, strict=True))
]
ROUND_TO_LINES = (1.0, 8.0, 30.0)


def step(letters: str, counts: Array, scatters: Array) -> Array:
    return find_family(letters).covariances(counts, scatters)


def random_statistics(
    rng: np.random.Generator, n_components: int, *, thinness: float = 3.0, leading: tuple[int, ...] = ()
) -> tuple[Array, Array]:
    """Counts (..., K) and scatters (..., K, 2, 2), whose eigenvalues differ by a factor up to e^thinness."""
    shape = (*leading, n_components)
    counts = rng.uniform(1, 50, shape)
    long = counts * np.exp(1.5 * rng.standard_normal(shape))
    short = long * np.exp(-rng.uniform(0, thinness, shape))
    return counts, turned(long, short, rng.uniform(0, np.pi, shape))


def turned(first: Array, second: Array, angle: Array) -> Array:
    """(..., 2, 2): with these eigenvalues, the first along the axis at this angle."""
    axis = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    normal = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)
    return (
        first[..., None, None] * axis[..., :, None] * axis[..., None, :]
        + second[..., None, None] * normal[..., :, None] * normal[..., None, :]
    )


def cost(counts: Array, scatters: Array, covariances: Array) -> Any:
    """Minus twice what the M-step maximises, but for constants."""
    traces = np.einsum("...kij,...kji->...", scatters, np.linalg.inv(covariances))
    return (counts * np.log(np.linalg.det(covariances))).sum(axis=-1) + traces


def assert_same(actual: Array, expected: Array, *, tolerance: float) -> None:
    """Each covariance against its own largest entry."""
    slack = tolerance * np.abs(expected).max(axis=(-1, -2), keepdims=True)
    assert (np.abs(actual - expected) <= slack).all()


# Maxima


def neighbour(rng: np.random.Generator, letters: str, covariances: Array, size: float) -> Array:
    """Another member of the family: volumes, shapes and angles moved, together or apart as it allows."""
    n_components = len(covariances)
    volume, shape, turn = (
        {"I": np.zeros(n_components), "E": np.repeat(own[:1], n_components), "V": own}[letter]
        for letter, own in zip(letters, size * rng.standard_normal((3, n_components)), strict=True)
    )
    roots, axes = np.linalg.eigh(covariances)
    roots = roots * np.exp(volume[:, None] + shape[:, None] * [1.0, -1.0])
    cosine, sine = np.cos(turn), np.sin(turn)
    axes = np.array([[cosine, -sine], [sine, cosine]]).transpose(2, 0, 1) @ axes
    return (axes * roots[:, None, :]) @ axes.transpose(0, 2, 1)


@pytest.mark.parametrize("letters", LETTERS)
def test_no_neighbour_within_the_family_does_better(letters: str) -> None:
    rng = np.random.default_rng(0)
    for n_components in (1, 2, 5):
        for _ in range(20):
            counts, scatters = random_statistics(rng, n_components)
            best = step(letters, counts, scatters)
            lowest = cost(counts, scatters, best)
            for size in (1e-4, 1e-2, 0.3):
                rival = neighbour(rng, letters, best, size)
                assert cost(counts, scatters, rival) >= lowest - 1e-11 * abs(lowest)


@pytest.mark.parametrize(("narrow", "wide"), NESTED)
def test_a_wider_family_is_never_worse(narrow: str, wide: str) -> None:
    counts, scatters = random_statistics(np.random.default_rng(1), 4, leading=(100,))
    costs = [cost(counts, scatters, step(letters, counts, scatters)) for letters in (narrow, wide)]
    assert (costs[1] <= costs[0] + 1e-10 * np.abs(costs[0])).all()


def angle_costs(letters: str, counts: Array, scatters: Array, angles: Array) -> Array:
    """(T,): what is left to minimise with common axes at `angles` (T,)."""
    axes = np.stack([np.cos(angles), np.sin(angles)])
    crossed = np.stack([-np.sin(angles), np.cos(angles)])
    first, second = (np.einsum("kij,it,jt->tk", scatters, turn, turn) for turn in (axes, crossed))
    if letters == "EVE":
        return 2 * counts.sum() * np.log(np.sqrt(first * second).sum(axis=1))
    return (counts * np.log(first * second)).sum(axis=1)


@pytest.mark.parametrize("letters", ["EVE", "VVE"])
@pytest.mark.parametrize("thinness", [1.0, 4.0, 12.0, 18.0])
def test_the_common_axes_are_the_best_of_all(letters: str, thinness: float) -> None:
    """Against 20,000 angles and many more around the axes of each component, where minima are narrow."""
    rng = np.random.default_rng(2)
    grid = np.linspace(0, np.pi / 2, 20_000)
    close = np.geomspace(1e-9, 0.1, 50)
    for n_components in [2, 3, 5, 9] * 10:
        counts, scatters = random_statistics(rng, n_components, thinness=thinness)
        if n_components > 2:
            scatters[1] = scatters[0] + 1e-6 * scatters[0].max() * np.eye(2)
        own = 0.5 * np.arctan2(2 * scatters[:, 0, 1], scatters[:, 0, 0] - scatters[:, 1, 1])
        around = (own[:, None] + np.concatenate([-close, [0.0], close])).ravel()
        best = step(letters, counts, scatters)
        axes = np.linalg.eigh(best[np.argmax(np.linalg.cond(best))])[1]
        ours = angle_costs(letters, counts, scatters, np.arctan2(axes[1, :1], axes[0, :1]))[0]
        brute = angle_costs(letters, counts, scatters, np.concatenate([grid, around])).min()
        # At angles of float64 a thin scatter's own narrow diagonal is known to this share.
        assert ours <= brute + 1e-13 * counts.sum() * np.exp(thinness)


@pytest.mark.parametrize("letters", ["EVE", "VVE"])
def test_common_axes_have_several_local_minima_so_that_the_search_matters(letters: str) -> None:
    rng = np.random.default_rng(3)
    angles = np.linspace(0, np.pi / 2, 2000, endpoint=False)
    n_minima = []
    for _ in range(200):
        values = angle_costs(letters, *random_statistics(rng, 4, thinness=6.0), angles)
        n_minima.append(((values < np.roll(values, 1)) & (values < np.roll(values, -1))).sum())
    assert max(n_minima) > 1


def one_shape(letters: str, counts: Array, scatters: Array) -> tuple[Array, float]:
    """Scatters (K, 2) along the axes meant by VEI or VEV, and the best elongation as scipy finds it."""
    if letters == "VEV":
        along: Array = np.linalg.eigvalsh(scatters)[:, ::-1]
    else:
        along = np.diagonal(scatters, axis1=1, axis2=2)

    def left(a: float) -> float:
        return float((counts * np.log(along @ [np.exp(-a), np.exp(a)])).sum())

    result: Any = minimize_scalar(left, bounds=(-20, 20), method="bounded", options={"xatol": 1e-12})
    return along, float(result.fun)


@pytest.mark.parametrize("letters", ["VEI", "VEV"])
@pytest.mark.parametrize("thinness", [1.0, 8.0, 15.0])
def test_the_common_shape_is_the_best(letters: str, thinness: float) -> None:
    rng = np.random.default_rng(4)
    for n_components in [1, 2, 3, 9] * 10:
        counts, scatters = random_statistics(rng, n_components, thinness=thinness)
        along, found = one_shape(letters, counts, scatters)
        covariances = step(letters, counts, scatters)
        if letters == "VEI":
            roots = np.diagonal(covariances, axis1=1, axis2=2)
        else:
            roots = np.stack(principal(covariances)[:2], axis=1)
        sizes = np.sqrt(roots.prod(axis=1))
        shape = roots[0] / sizes[0]
        ours = (counts * np.log(along @ (1 / shape))).sum()
        assert ours <= found + 1e-12 * counts.sum()
        # Where the slope vanishes: of a convex function, so there is no other place.
        expected = counts.sum() * shape
        np.testing.assert_allclose(
            (along / sizes[:, None]).sum(axis=0), expected, rtol=1e-10 * np.exp(thinness)
        )


@pytest.mark.parametrize("thinness", [1.0, 8.0])
def test_the_common_matrix_is_the_best(thinness: float) -> None:
    rng = np.random.default_rng(5)
    for n_components in [1, 2, 3, 9] * 5:
        counts, scatters = random_statistics(rng, n_components, thinness=thinness)
        best = step("VEE", counts, scatters)
        sizes = np.sqrt(np.linalg.det(best))
        # Where the slope vanishes: of a geodesically convex function, so there is no other place.
        expected = counts.sum() * best[0] / sizes[0]
        assert_same((scatters / sizes[:, None, None]).sum(axis=0), expected, tolerance=1e-9)

        def left(entries: Array, counts: Array = counts, scatters: Array = scatters) -> float:
            factor = np.array([[np.exp(entries[0]), 0.0], [entries[1], np.exp(-entries[0])]])
            return float((counts * np.log(np.einsum("kij,ia,ja->k", scatters, factor, factor))).sum())

        precision = np.linalg.inv(best[0] / sizes[0])
        ours = (counts * np.log(np.einsum("kij,ij->k", scatters, precision))).sum()
        found: Any = minimize(left, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
        assert ours <= found.fun + 1e-12 * counts.sum()


def long_shared(counts: Array, scatters: Array) -> Any:
    """VEE's covariances in long double, found by alternating the common matrix and the volumes."""
    n, w = counts.astype(np.longdouble), scatters.astype(np.longdouble)
    common = w.sum(axis=0)
    for _ in range(500):
        common = common / np.sqrt(common[0, 0] * common[1, 1] - common[0, 1] ** 2)
        traces = w[:, 0, 0] * common[1, 1] + w[:, 1, 1] * common[0, 0] - 2 * w[:, 0, 1] * common[0, 1]
        moved = ((n / traces)[:, None, None] * w).sum(axis=0)
        if np.array_equal(moved, common):
            break
        common = moved
    common = common / np.sqrt(common[0, 0] * common[1, 1] - common[0, 1] ** 2)
    return (traces / (2 * n))[:, None, None] * common


def long_cost(counts: Array, scatters: Array, covariances: Any) -> Any:
    """`cost` in long double."""
    (a, b), (_, d) = covariances.astype(np.longdouble).transpose(1, 2, 0)
    determinants = a * d - b * b
    w = scatters.astype(np.longdouble)
    traces = (w[:, 0, 0] * d + w[:, 1, 1] * a - 2 * w[:, 0, 1] * b) / determinants
    return (counts * np.log(determinants) + traces).sum()


@pytest.mark.parametrize("ratio", [1e3, 1e4, 1e5, 1e6])
@pytest.mark.parametrize("fan", [0.0, 1.0, 10.0], ids=["parallel", "within a width", "wider"])
def test_the_common_matrix_of_lines_is_as_good_as_its_entries_can_say(ratio: float, fan: float) -> None:
    """A tilted line's length hides its width from float64: entries rounded to EPSILON, as those of the exact
    answer too, are worth EPSILON times the squared ratio of the axes a point."""
    rng = np.random.default_rng(10)
    for n_components in [2, 3, 5] * 4:
        counts, long = rng.uniform(1, 50, n_components), np.exp(rng.standard_normal(n_components))
        tilts = rng.uniform(0, np.pi) + fan / ratio * rng.standard_normal(n_components)
        short = long / ratio**2 * np.exp(rng.standard_normal(n_components))
        scatters = counts[:, None, None] * turned(long, short, tilts)
        exact = long_shared(counts, scatters)
        gap = long_cost(counts, scatters, step("VEE", counts, scatters)) - long_cost(counts, scatters, exact)
        assert abs(gap) <= np.finfo(float).eps * ratio**2 * counts.sum()


# Many at once, units, and what is thin or flat


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("thinness", ROUND_TO_LINES)
def test_a_batch_is_stepped_as_each_alone(letters: str, thinness: float) -> None:
    counts, scatters = random_statistics(np.random.default_rng(6), 3, thinness=thinness, leading=(2, 5))
    together = step(letters, counts, scatters)
    assert together.shape == scatters.shape
    # Near lines the common matrix hangs on the last digits of the scatters, whose sums may be rounded
    # otherwise beside others.
    tolerance = 1e-6 if letters == "VEE" and thinness > 20 else 1e-12
    for place in np.ndindex(2, 5):
        assert_same(together[place], step(letters, counts[place], scatters[place]), tolerance=tolerance)


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("thinness", ROUND_TO_LINES)
@pytest.mark.parametrize("unit", [1e-18, 1e-9, 1e9, 1e18])
def test_units_do_not_matter(letters: str, thinness: float, unit: float) -> None:
    # A power of 2 near the unit, so that lines stay lines.
    factor = 2.0 ** round(2 * np.log2(unit))
    counts, scatters = random_statistics(np.random.default_rng(7), 4, thinness=thinness, leading=(20,))
    scaled = step(letters, counts, factor * scatters) / factor
    assert_same(scaled, step(letters, counts, scatters), tolerance=1e-12)


@pytest.mark.parametrize("letters", [letters for letters in LETTERS if letters[1] != "I"])
def test_thin_scatters_keep_their_digits(letters: str) -> None:
    """Small variances are known as well as large ones: as if their axis had been in finer units."""
    counts = np.array([10.0, 20.0, 30.0])
    variances = np.array([[1.0, 1e-14], [3.0, 2e-14], [2.0, 5e-14]])
    finer = np.array([1.0, 1e12])
    thin, plain = (step(letters, counts, v[:, None] * np.eye(2)) for v in (variances, variances * finer))
    actual, expected = (np.diagonal(array, axis1=1, axis2=2) for array in (thin, plain))
    np.testing.assert_allclose(actual * finer, expected, rtol=1e-12)


LINE, ROUND = np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([[2.0, 0.5], [0.5, 1.0]])
FLAT, UPRIGHT, NOTHING = np.diag([3.0, 0.0]), np.diag([0.0, 2.0]), np.zeros((2, 2))
SINGULAR = {
    "a line": [LINE, ROUND, 2 * ROUND],
    "most on a line": [LINE, 2 * LINE, ROUND],
    "all on parallel lines": [LINE, LINE, 3 * LINE],
    "a flat one": [FLAT, ROUND, ROUND],
    "most flat": [FLAT, FLAT, ROUND],
    "all flat": [FLAT, FLAT, FLAT],
    "crossed": [FLAT, UPRIGHT, ROUND],
    "crossed, and no more": [FLAT, UPRIGHT, FLAT],
    "a single place": [NOTHING, ROUND, ROUND],
    "single places": [NOTHING, NOTHING, NOTHING],
    "one line alone": [LINE],
    "one place alone": [NOTHING],
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


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 5, 20])
def test_every_family_works_in_any_dimension(name: str, n_dimensions: int) -> None:
    rng = np.random.default_rng(8)
    factors = rng.standard_normal((2, 3, n_dimensions, n_dimensions + 2))
    scatters = factors @ np.swapaxes(factors, -1, -2)
    covariances = step(name, rng.uniform(1, 5, (2, 3)), scatters)
    assert (np.linalg.eigvalsh(covariances) > 0).all()


def test_in_one_dimension_only_the_volume_is_left() -> None:
    counts, scatters = np.array([2.0, 3.0]), np.array([[[4.0]], [[0.0]]])
    for letters in LETTERS:
        expected = pooled(counts, scatters) if letters[0] == "E" else scatters / counts[:, None, None]
        np.testing.assert_allclose(step(letters, counts, scatters), expected, rtol=1e-15)


# Other people's EM

MCLUST = [
    (name, case)
    for name in ("faithful_K2_hard", "faithful_K2_soft", "aniso3_hard")
    for case in trajectories(f"mclust_{name}")
]
EXACT = [(name, trajectories(f"exact_VVE_{name}")[0]) for name in ("faithful_K2_hard", "aniso3_hard")]
# Of log-likelihoods and parameters. mclust's inner iterations stop early, and the exact angles of VVE
# were sought to about 1e-8.
CLOSED, ITERATIVE, SOUGHT = (1e-8, 1e-10), (1e-8, 1e-5), (1e-6, 1e-5)
TOLERANCES = {"VEI": ITERATIVE, "VEV": ITERATIVE, "VEE": ITERATIVE, "EVE": ITERATIVE, "VVE": SOUGHT}
IMPLEMENTATIONS = pytest.mark.parametrize(
    ("name", "case"),
    MCLUST + EXACT,
    ids=[f"{name}-{case['family']}" for name, case in MCLUST + EXACT],
)


def first_moments(name: str) -> tuple[Array, Moments]:
    points = table("aniso3")[:, :2] if name.startswith("aniso3") else old_faithful()
    return points, expected_moments(points, table(f"z_{name}"))


@IMPLEMENTATIONS
def test_the_trajectories_are_those_of_independent_implementations(name: str, case: dict[str, Any]) -> None:
    letters = case["family"]
    of_values, of_parameters = TOLERANCES.get(letters, CLOSED)
    points, moments = first_moments(name)
    first = m_step(moments, family=letters)
    states = list(itertools.islice(iterate(points, first, family=letters), 20))
    values = [state.log_likelihood for state in states]
    np.testing.assert_allclose(values, case["log_likelihoods"], rtol=0, atol=of_values)
    for iteration, expected in case["parameters"].items():
        mixture = states[int(iteration) - 1].mixture
        for part in ("weights", "means", "covariances"):
            np.testing.assert_allclose(getattr(mixture, part), expected[part], rtol=of_parameters, atol=1e-12)


@IMPLEMENTATIONS
def test_no_other_implementation_has_a_better_m_step(name: str, case: dict[str, Any]) -> None:
    _, moments = first_moments(name)
    theirs = case["parameters"]["1"]
    rival = Mixture(moments.counts / moments.counts.sum(), moments.means, theirs["covariances"])
    ours = expected_log_joint(moments, m_step(moments, family=case["family"]))
    assert ours >= expected_log_joint(moments, rival) - 1e-11 * abs(ours)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_component_of_next_to_no_scatter_beside_others_overflows_nothing(name: str) -> None:
    """Warnings are errors here: 1 over such a scatter is beyond float64."""
    scatters = np.array([[[3.0, 1.0], [1.0, 2.0]], [[5e-324, 0.0], [0.0, 1e-310]], [[2.0, 0.0], [0.0, 9.0]]])
    for unit in (1.0, 1e100):
        covariances = FAMILIES[name].covariances(np.array([5.0, 1e-12, 7.0]), unit * scatters)
        assert np.isfinite(covariances).all()


def test_a_scatter_that_rounding_left_below_nothing_leans_nowhere():
    """Beside scatters as large as can be squared, what is left of one without extent is no number."""
    counts = np.array([5.25, 1.0, 5.75])
    wide = np.array([[1.26e120, 2.25e119], [2.25e119, 1.55e120]])
    rest = np.array([[-4.28e104, 1e103], [1e103, -1.11e104]])
    found = FAMILIES["VEE"].covariances(counts, np.stack([wide, rest, wide.T * 1.2]))
    assert np.isfinite(found).all()
