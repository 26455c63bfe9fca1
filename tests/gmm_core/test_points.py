"""What may be called points: every public function turns bad ones away with one sentence."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import Mixture, PointsError, initialize, kmeans
from gmm_core.points import as_points, split_columns

MIXTURE = Mixture([0.5, 0.5], [[0.0, 0.0], [3.0, 1.0]], [np.eye(2), np.eye(2)])
FITS = gmm_core.sweep([[0, 0], [3, 1], [1, 2], [2, 4]], 1, "tied")
RUN = gmm_core.run([[0, 0], [3, 1], [1, 2], [2, 4]], MIXTURE, max_steps=1)

# How each public function is called with points of two columns.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "choice_bootstrap": lambda points: gmm_core.choice_bootstrap(points, FITS, n_bootstrap=1, rng=0),
    "classification_entropy": lambda points: gmm_core.classification_entropy(points, MIXTURE),
    "default_noise": gmm_core.default_noise,
    "noise_region": gmm_core.noise_region,
    "density_percentiles": lambda points: gmm_core.density_percentiles(points, MIXTURE),
    "default_prior": lambda points: gmm_core.default_prior(points, 2),
    "default_variational_prior": lambda points: gmm_core.default_variational_prior(points),
    "gap_statistic": lambda points: gmm_core.gap_statistic(points, [1, 2], n_references=2, rng=0),
    "held_out_log_likelihood": lambda points: gmm_core.held_out_log_likelihood(
        points, 1, n_folds=3, rng=np.random.default_rng(0)
    ),
    "held_out_log_likelihoods": lambda points: gmm_core.held_out_log_likelihoods(points, 1, n_folds=3, rng=0),
    "restart": lambda points: gmm_core.restart(points, 2, rng=np.random.default_rng(0)),
    "restart_kmeans": lambda points: gmm_core.restart_kmeans(points, 2, rng=np.random.default_rng(0)),
    "restart_variational": lambda points: gmm_core.restart_variational(points, 2, rng=0),
    "sweep": lambda points: gmm_core.sweep(points, [1, 2]),
    "circle_radii": lambda points: gmm_core.circle_radii(points, [0, 1, 1], MIXTURE.means),
    "coverage": lambda points: gmm_core.coverage(points, MIXTURE, np.ones((3, 2)), 1.0),
    "e_step": lambda points: gmm_core.e_step(points, MIXTURE),
    "expected_moments": lambda points: gmm_core.expected_moments(points, np.ones((3, 2))),
    "fingerprint": gmm_core.fingerprint,
    "fitted_model": lambda points: gmm_core.fitted_model(points, RUN, family="full"),
    "initialize": lambda points: initialize(points, 2, rng=np.random.default_rng(0)),
    "iterate": lambda points: next(gmm_core.iterate(points, MIXTURE)),
    "likelihood_ratio_test": lambda points: gmm_core.likelihood_ratio_test(points, 1, n_bootstrap=1, rng=0),
    "merge_components": lambda points: gmm_core.merge_components(points, MIXTURE),
    "predict": lambda points: gmm_core.predict(points, MIXTURE),
    "weighted_likelihood_bootstrap": lambda points: gmm_core.weighted_likelihood_bootstrap(
        points, MIXTURE, n_bootstrap=1, rng=0
    ),
    "log_density": lambda points: gmm_core.log_density(points, MIXTURE),
    "log_likelihood": lambda points: gmm_core.log_likelihood(points, MIXTURE),
    "responsibilities": lambda points: gmm_core.responsibilities(points, MIXTURE),
    "run": lambda points: gmm_core.run(points, MIXTURE),
    "shared_counts": lambda points: gmm_core.shared_counts(points, np.array([0, 1, 1]), MIXTURE),
    "silhouette": lambda points: gmm_core.silhouette(points, [0, 1, 1]),
    "start": lambda points: gmm_core.start(points, MIXTURE),
    "step": lambda points: gmm_core.step(points, gmm_core.start([[0, 0], [3, 1], [1, 2]], MIXTURE)),
    "kmeans.assign": lambda points: kmeans.assign(points, np.array(MIXTURE.means)),
    "kmeans.iterate": lambda points: next(kmeans.iterate(points, MIXTURE.means)),
    "kmeans.run": lambda points: kmeans.run(points, MIXTURE.means),
    "kmeans.start": lambda points: kmeans.start(points, MIXTURE.means),
    "kmeans.step": lambda points: kmeans.step(points, kmeans.start([[0, 0], [3, 1]], MIXTURE.means)),
}

BAD_POINTS = {
    "missing": (
        [[0, 0], [np.nan, 1], [1, 2]],
        "Row 1 of the points is missing or infinite; drop such rows or fill them in first.",
    ),
    "none": (
        [[0, 0], [1, 1], [None, 2]],
        "Row 2 of the points is missing or infinite; drop such rows or fill them in first.",
    ),
    "infinite": (
        [[-np.inf, 0], [1, 1], [1, 2]],
        "Row 0 of the points is missing or infinite; drop such rows or fill them in first.",
    ),
    "text": ([["a", 0], [1, 1]], "Points must be numbers; convert or drop the columns that hold text."),
    "empty": (np.empty((0, 2)), "There are no points; give at least one row."),
    "one row": ([1, 2, 3], "Points must have shape (N, D), one row a point, not (3,); reshape them."),
    "a cube": (
        np.ones((3, 2, 1)),
        "Points must have shape (N, D), one row a point, not (3, 2, 1); reshape them.",
    ),
    "no columns": (
        np.ones((3, 0)),
        "Points must have shape (N, D), one row a point, not (3, 0); reshape them.",
    ),
    "too large": (
        [[0, 0], [1e141, 1], [1, 2]],
        "Values beyond 1e+140 cannot be squared; change the units of the points.",
    ),
}


def functions_of_points(module: Any, names: list[str], prefix: str) -> set[str]:
    found = set()
    for name in names:
        function = getattr(module, name)
        if inspect.isfunction(function) and "points" in list(inspect.signature(function).parameters)[:1]:
            found.add(prefix + name)
    return found


def test_every_function_of_points_is_held_here() -> None:
    own = [
        name
        for name, value in vars(kmeans).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == "gmm_core.kmeans"
    ]
    expected = functions_of_points(gmm_core, gmm_core.__all__, "")
    # Points on a line, one column of them, are another matter.
    expected -= {"cdf"}
    assert expected | functions_of_points(kmeans, own, "kmeans.") <= set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", BAD_POINTS)
def test_bad_points_are_refused_in_one_sentence(function: str, kind: str) -> None:
    points, sentence = BAD_POINTS[kind]
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        FUNCTIONS[function](points)


# These take points of any dimension.
FREE = {
    "default_noise",
    "default_prior",
    "default_variational_prior",
    "expected_moments",
    "fingerprint",
    "gap_statistic",
    "held_out_log_likelihood",
    "held_out_log_likelihoods",
    "initialize",
    "likelihood_ratio_test",
    "noise_region",
    "restart",
    "restart_kmeans",
    "restart_variational",
    "silhouette",
    "sweep",
}


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - FREE))
def test_points_of_another_dimension_are_refused(function: str) -> None:
    with pytest.raises(PointsError, match=r"columns and the (mixture|points) .*; .*same (columns|dimension)"):
        FUNCTIONS[function](np.ones((3, 3)))


@pytest.mark.parametrize(
    "values",
    [[[1 + 2j, 0]], np.array([[1 + 2j, 0]]), [[10**400, 0]]],
    ids=["complex", "complex array", "huge integer"],
)
def test_numbers_that_are_no_float_are_refused(values: Any) -> None:
    with pytest.raises(PointsError):
        as_points(values)


@pytest.mark.parametrize(
    ("n_components", "sentence"),
    [
        (0, "The number of components is 0; it must be 1 or more."),
        (-2, "The number of components is -2; it must be 1 or more."),
        (2.0, "The number of components must be a whole number, not 2.0; give 1 or more."),
        ("2", "The number of components must be a whole number, not '2'; give 1 or more."),
        (None, "The number of components must be a whole number, not None; give 1 or more."),
        (True, "The number of components must be a whole number, not True; give 1 or more."),
        (
            3,
            "3 components need 3 distinct points and there are only 2; choose a smaller K or add points.",
        ),
    ],
)
def test_impossible_numbers_of_components_are_refused(n_components: Any, sentence: str) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        initialize([[0, 0], [1, 2], [0, 0]], n_components, rng=np.random.default_rng(0))


def test_distinct_points_are_counted_to_the_last_row() -> None:
    points = np.zeros((20_000, 2))
    points[-1] = 1.0
    mixture = initialize(points, 2, method="farthest_points", rng=np.random.default_rng(0))
    assert sorted(mixture.means[:, 0]) == pytest.approx([0.0, 1.0])


def test_a_numpy_integer_is_a_whole_number() -> None:
    assert initialize([[0, 0], [1, 2]], np.int64(2), rng=np.random.default_rng(0)).n_components == 2


@pytest.mark.parametrize("n_binary", [0, 1, 2])
def test_numbers_and_binary_values_are_split(n_binary: int) -> None:
    points = np.column_stack([np.linspace(0, 1, 12).reshape(4, 3), [0, 1, 1, 0], [1, 1, 0, 0]])
    points = points[:, : 3 + n_binary]
    numbers, binary = split_columns(points, n_binary)
    np.testing.assert_array_equal(numbers, points[:, :3])
    np.testing.assert_array_equal(binary, points[:, 3:])
    assert binary.shape == (4, n_binary)
    with pytest.raises(PointsError, match=r"A binary column holds .*; give 0 or 1 in every row\."):
        split_columns(points, n_binary + 1)


@pytest.mark.parametrize("n_binary", [-1, 0.5, True, None, "1"])
def test_a_number_of_binary_columns_that_is_none_is_refused(n_binary: Any) -> None:
    with pytest.raises(PointsError, match=r"^The number of binary columns is .* 0 or more\.$"):
        split_columns(np.ones((4, 2)), n_binary)


@pytest.mark.parametrize("n_binary", [2, 3])
def test_a_mixture_needs_numbers_beside_its_binary_columns(n_binary: int) -> None:
    with pytest.raises(PointsError, match="add a column of numbers"):
        split_columns(np.ones((4, 2)), n_binary)


def test_float64_points_are_not_copied() -> None:
    points = np.ones((5, 2))
    assert np.shares_memory(as_points(points), points)


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16, np.float32, np.bool_])
def test_other_numbers_are_computed_in_float64(dtype: Any) -> None:
    points = np.array([[0, 1], [1, 1], [1, 0], [3, 2]]).astype(dtype)
    exact = points.astype(np.float64)
    assert as_points(points).dtype == np.float64
    assert np.array_equal(gmm_core.log_density(points, MIXTURE), gmm_core.log_density(exact, MIXTURE))


def test_lists_and_views_are_points_too() -> None:
    base = np.arange(24.0).reshape(4, 6)
    view = base[::2, ::3]
    expected = gmm_core.log_density(np.ascontiguousarray(view), MIXTURE)
    assert np.array_equal(gmm_core.log_density(view, MIXTURE), expected)
    assert np.array_equal(gmm_core.log_density(view.tolist(), MIXTURE), expected)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_points_are_left_as_they_were(function: str) -> None:
    points = np.array([[0.0, 0.0], [3.0, 1.0], [1.0, 2.0]])
    before = points.copy()
    FUNCTIONS[function](points)
    assert np.array_equal(points, before)
    assert points.flags.writeable
