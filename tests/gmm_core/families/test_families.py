"""The covariance families: the shapes their letters promise, and that each M-step is a maximum.

Everything is asked of every entry of FAMILIES by its three letters, so a new family inherits it all.
"""

import itertools
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given

from gmm_core import (
    FAMILIES,
    ComponentCollapsedError,
    EMState,
    FamilyError,
    Mixture,
    MixtureError,
    Moments,
    initialize,
    iterate,
    m_step,
    n_parameters,
    run,
    start,
)
from gmm_core.em import expected_log_joint
from gmm_core.families import find_family
from gmm_core.points import Array
from tests.strategies import (
    QUICK,
    AffineMap,
    Problem,
    affine_map,
    axis_scaling,
    make_covariances,
    make_mixture,
    make_points,
    problems,
    seeds,
    similarity,
)

FAMILY_AND_DIMENSION = list(itertools.product(FAMILIES, (1, 2, 3)))

# Of mixtures of 1, 2, 5 and 9 components in the plane, by R mclust 6.0.0 (nMclustParams).
# fmt: off
MCLUST_PARAMETERS = {
    "EII": (3, 6, 15, 27), "VII": (3, 7, 19, 35), "EEI": (4, 7, 16, 28),
    "VEI": (4, 8, 20, 36), "EVI": (4, 8, 20, 36), "VVI": (4, 9, 24, 44),
    "EEE": (5, 8, 17, 29), "VEE": (5, 9, 21, 37), "EVE": (5, 9, 21, 37),
    "VVE": (5, 10, 25, 45), "EEV": (5, 9, 21, 37), "VEV": (5, 10, 25, 45),
    "EVV": (5, 10, 25, 45), "VVV": (5, 11, 29, 53),
}
# fmt: on


def random_moments(rng: np.random.Generator, n_components: int, n_dimensions: int) -> Moments:
    counts = rng.uniform(5, 50, n_components)
    scatters = counts[:, None, None] * make_covariances(rng, n_components, n_dimensions)
    return Moments(counts, 3 * rng.standard_normal((n_components, n_dimensions)), scatters)


def symmetric_noise(rng: np.random.Generator, scatters: Array) -> Array:
    noise = rng.standard_normal(scatters.shape)
    return 0.1 * np.abs(scatters).max() * (noise + noise.transpose(0, 2, 1))


@pytest.mark.parametrize("name", FAMILIES)
def test_an_entry_describes_itself(name: str) -> None:
    family = FAMILIES[name]
    assert family.name == name
    assert re.fullmatch("[EV][EVI][EVI]", family.letters)
    assert re.fullmatch(r"[A-Z].+\.", family.sentence)
    assert re.fullmatch(
        "volume (equal|variable), shape (equal|variable|round), "
        "orientation (equal|variable|along the axes|none)",
        family.words,
    )


def test_all_fourteen_of_celeux_and_govaert_are_there_the_familiar_ones_first() -> None:
    assert list(FAMILIES)[:4] == ["full", "tied", "diag", "spherical"]
    assert {family.letters for family in FAMILIES.values()} == set(MCLUST_PARAMETERS)
    assert len(FAMILIES) == 14
    assert all(name == family.letters for name, family in list(FAMILIES.items())[4:])


@pytest.mark.parametrize("part", ["letters", "words", "sentence", "maximum"])
def test_no_two_entries_share_anything(part: str) -> None:
    values = [getattr(family, part) for family in FAMILIES.values()]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("VVV", "volume variable, shape variable, orientation variable"),
        ("EVI", "volume equal, shape variable, orientation along the axes"),
        ("VII", "volume variable, shape round, orientation none"),
        ("EEE", "volume equal, shape equal, orientation equal"),
    ],
)
def test_letters_are_read_out(letters: str, words: str) -> None:
    assert find_family(letters).words == words


@pytest.mark.parametrize(
    ("name", "letters"), [("full", "VVV"), ("tied", "EEE"), ("diag", "VVI"), ("spherical", "VII")]
)
def test_the_familiar_names_stand_for_letters(name: str, letters: str) -> None:
    assert FAMILIES[name].letters == letters
    moments = random_moments(np.random.default_rng(0), 3, 2)
    by_letters = m_step(moments, family=letters)
    assert np.array_equal(by_letters.covariances, m_step(moments, family=name).covariances)


@pytest.mark.parametrize(
    ("name", "n_components", "n_dimensions", "expected"),
    [
        ("full", 1, 2, 5), ("full", 2, 2, 11), ("full", 3, 4, 44),
        ("tied", 2, 2, 8), ("tied", 3, 4, 24),
        ("diag", 2, 2, 9), ("diag", 3, 4, 26),
        ("spherical", 2, 2, 7), ("spherical", 3, 4, 17),
    ],
)  # fmt: skip
def test_parameters_are_counted_as_in_the_literature(
    name: str, n_components: int, n_dimensions: int, expected: int
) -> None:
    assert n_parameters(name, n_components, n_dimensions) == expected


@pytest.mark.parametrize("letters", MCLUST_PARAMETERS)
def test_parameters_are_counted_as_by_mclust(letters: str) -> None:
    assert tuple(n_parameters(letters, k, 2) for k in (1, 2, 5, 9)) == MCLUST_PARAMETERS[letters]


@pytest.mark.parametrize(("name", "n_dimensions"), FAMILY_AND_DIMENSION)
@pytest.mark.parametrize("n_components", [1, 3])
def test_the_parameter_count_is_the_dimension_of_the_family(
    name: str, n_dimensions: int, n_components: int
) -> None:
    """As many independent directions as the covariances can move in when the scatters move."""
    rng = np.random.default_rng(0)
    moments = random_moments(rng, n_components, n_dimensions)
    directions = []
    for k, i, j in itertools.product(range(n_components), range(n_dimensions), range(n_dimensions)):
        nudge = np.zeros_like(moments.scatters)
        nudge[k, i, j] = nudge[k, j, i] = 1e-4 * moments.counts[k]
        ahead, behind = (
            FAMILIES[name].covariances(moments.counts, scatters)
            for scatters in (moments.scatters + nudge, moments.scatters - nudge)
        )
        directions.append((ahead - behind).ravel() / 2e-4)
    rank = np.linalg.matrix_rank(np.array(directions), tol=1e-4)
    assert FAMILIES[name].n_covariance_parameters(n_components, n_dimensions) == rank


@pytest.mark.parametrize(("name", "n_dimensions"), FAMILY_AND_DIMENSION)
def test_covariances_have_what_the_letters_promise(name: str, n_dimensions: int) -> None:
    volume, shape, orientation = FAMILIES[name].letters
    covariances = m_step(random_moments(np.random.default_rng(1), 3, n_dimensions), family=name).covariances
    eigenvalues = np.linalg.eigvalsh(covariances)
    volumes = eigenvalues.prod(axis=1) ** (1 / n_dimensions)
    shapes = np.diagonal(covariances, axis1=1, axis2=2) if orientation == "I" else eigenvalues
    if volume == "E":
        np.testing.assert_allclose(volumes, volumes[0], rtol=1e-6)
    if shape == "E":
        np.testing.assert_allclose(shapes / volumes[:, None], (shapes / volumes[:, None])[[0] * 3], rtol=1e-6)
    if shape == "I":
        np.testing.assert_allclose(eigenvalues, eigenvalues[:, :1] * np.ones(n_dimensions), rtol=1e-12)
    if orientation == "I":
        assert np.array_equal(covariances, covariances * np.eye(n_dimensions))
    if orientation == "E":
        products = covariances @ covariances[0]
        np.testing.assert_allclose(products, products.transpose(0, 2, 1), atol=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
@QUICK
@given(problems(), seeds)
def test_the_m_step_is_a_maximum(name: str, problem: Problem, seed: int) -> None:
    """No other member of the family, near or far, has a higher expected log-likelihood."""
    rng = np.random.default_rng(seed)
    moments = start(problem.points, problem.mixture).moments
    assume(moments.counts.min() > 5 * problem.mixture.n_dimensions)
    best = m_step(moments, family=name)
    highest = expected_log_joint(moments, best)
    rivals = [best.covariances * (1 + t) for t in (-0.1, -1e-3, 1e-3, 0.1)]
    for size in (1e-3, 1e-2, 1e-1):
        scatters = moments.scatters + size * symmetric_noise(rng, moments.scatters)
        if np.linalg.eigvalsh(scatters).min() > 0:
            rivals.append(FAMILIES[name].covariances(moments.counts, scatters))
    other = random_moments(rng, problem.mixture.n_components, problem.mixture.n_dimensions)
    rivals.append(FAMILIES[name].covariances(other.counts, other.scatters))
    for covariances in rivals:
        rival = Mixture(best.weights, best.means, covariances)
        assert expected_log_joint(moments, rival) <= highest + 1e-10 * abs(highest)


@QUICK
@given(problems(), seeds)
def test_weights_and_means_of_the_m_step_are_a_maximum(problem: Problem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    moments = start(problem.points, problem.mixture).moments
    assume(moments.counts.min() > 5 * problem.mixture.n_dimensions)
    best = m_step(moments)
    highest = expected_log_joint(moments, best)
    for size in (1e-4, 1e-2, 1.0):
        weights = best.weights * np.exp(size * rng.standard_normal(len(best.weights)))
        shifted = best.means + size * rng.standard_normal(best.means.shape)
        rivals = (
            Mixture(weights / weights.sum(), best.means, best.covariances),
            Mixture(best.weights, shifted, best.covariances),
        )
        assert all(expected_log_joint(moments, rival) <= highest + 1e-10 * abs(highest) for rival in rivals)


@pytest.mark.parametrize(("name", "n_dimensions"), FAMILY_AND_DIMENSION)
def test_a_member_of_the_family_is_its_own_m_step(name: str, n_dimensions: int) -> None:
    moments = random_moments(np.random.default_rng(2), 3, n_dimensions)
    member = m_step(moments, family=name)
    scatters = moments.counts[:, None, None] * member.covariances
    again = m_step(Moments(moments.counts, moments.means, scatters), family=name)
    np.testing.assert_allclose(again.covariances, member.covariances, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", FAMILIES)
@QUICK
@given(problems(max_components=1), seeds)
def test_one_component_gives_the_sample_mean_and_covariance_in_one_step(
    name: str, problem: Problem, seed: int
) -> None:
    points, n_dimensions = problem.points, problem.mixture.n_dimensions
    begin = make_mixture(np.random.default_rng(seed), 1, n_dimensions)
    first, second = itertools.islice(iterate(points, begin, family=name), 1, 3)
    covariance = np.cov(points.T, bias=True).reshape(n_dimensions, n_dimensions)
    if FAMILIES[name].letters[2] == "I":
        covariance = covariance * np.eye(n_dimensions)
    if FAMILIES[name].letters[1] == "I":
        covariance = np.trace(covariance) / n_dimensions * np.eye(n_dimensions)
    assert np.array_equal(first.mixture.weights, [1.0])
    np.testing.assert_allclose(first.mixture.means[0], points.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(first.mixture.covariances[0], covariance, rtol=1e-10, atol=1e-12)
    assert second.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("name", FAMILIES)
@QUICK
@given(problems(), seeds)
def test_relabelling_permutes_and_changes_nothing_else(name: str, problem: Problem, seed: int) -> None:
    mixture = problem.mixture
    order = np.random.default_rng(seed).permutation(mixture.n_components)
    relabelled = Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])
    state = after_steps(problem.points, mixture, name)
    permuted = after_steps(problem.points, relabelled, name)
    assert permuted.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-10)
    for part in ("weights", "means", "covariances"):
        np.testing.assert_allclose(
            getattr(permuted.mixture, part), getattr(state.mixture, part)[order], rtol=1e-7, atol=1e-8
        )


def after_steps(points: Array, mixture: Mixture, family: str) -> EMState:
    try:
        return next(itertools.islice(iterate(points, mixture, family=family), 4, None))
    except ComponentCollapsedError:
        assume(False)
        raise


def maps_of(letters: str) -> Callable[[np.random.Generator, int], AffineMap]:
    """The widest class of maps that carry members of a family to members of it."""
    if letters in ("VVV", "EEE", "EVV", "VEE"):
        return affine_map
    return axis_scaling if letters in ("VVI", "EEI", "EVI", "VEI") else similarity


@pytest.mark.parametrize("name", FAMILIES)
@QUICK
@given(problems(), seeds)
def test_a_change_of_coordinates_changes_nothing_else(name: str, problem: Problem, seed: int) -> None:
    change = maps_of(FAMILIES[name].letters)(np.random.default_rng(seed), problem.mixture.n_dimensions)
    state = after_steps(problem.points, problem.mixture, name)
    changed = after_steps(change.points(problem.points), change.mixture(problem.mixture), name)
    expected = change.mixture(state.mixture)
    shift = len(problem.points) * change.log_determinant
    assert changed.log_likelihood == pytest.approx(state.log_likelihood - shift, rel=1e-9, abs=1e-8)
    np.testing.assert_allclose(changed.mixture.weights, expected.weights, atol=1e-8)
    for part in ("means", "covariances"):
        target = getattr(expected, part)
        slack = 1e-8 * np.abs(target).max()
        np.testing.assert_allclose(getattr(changed.mixture, part), target, rtol=0, atol=slack)


@pytest.mark.parametrize(("name", "n_dimensions"), FAMILY_AND_DIMENSION)
@pytest.mark.parametrize("reg_covar", [1e-6, 0.5])
def test_reg_covar_is_added_to_every_variance(name: str, n_dimensions: int, reg_covar: float) -> None:
    moments = random_moments(np.random.default_rng(3), 3, n_dimensions)
    plain, raised = m_step(moments, family=name), m_step(moments, family=name, reg_covar=reg_covar)
    difference = raised.covariances - plain.covariances
    np.testing.assert_allclose(difference, np.tile(reg_covar * np.eye(n_dimensions), (3, 1, 1)), atol=1e-14)
    assert np.array_equal(raised.means, plain.means)
    assert np.array_equal(raised.weights, plain.weights)


@pytest.mark.parametrize("reg_covar", [-1e-9, -1.0, np.nan, np.inf])
def test_a_reg_covar_that_is_no_variance_is_refused(reg_covar: float) -> None:
    sentence = f"reg_covar is {reg_covar!r}; it is a variance to add, so give 0 or more."
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 2, 2)
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        m_step(random_moments(rng, 2, 2), reg_covar=reg_covar)
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        run(make_points(rng, mixture, 20), mixture, reg_covar=reg_covar)


@pytest.mark.parametrize("family", ["round", "FULL", "", None])
def test_an_unknown_family_is_refused_and_the_known_are_named(family: str) -> None:
    sentence = f"There is no covariance family {family!r}; choose one of {', '.join(FAMILIES)}."
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 2, 2)
    points = make_points(rng, mixture, 20)
    calls: list[Callable[[], object]] = [
        lambda: m_step(random_moments(rng, 2, 2), family=family),
        lambda: run(points, mixture, family=family),
        lambda: list(itertools.islice(iterate(points, mixture, family=family), 2)),
        lambda: initialize(points, 2, family=family, rng=rng),
        lambda: n_parameters(family, 2, 2),
    ]
    for call in calls:
        with pytest.raises(FamilyError, match=f"^{re.escape(sentence)}$"):
            call()
