"""The E-step agrees with one by differences, whatever way its numbers come about, and one way at most."""

from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    FAMILIES,
    Expectation,
    Mixture,
    Moments,
    Noise,
    PointsError,
    e_step,
    m_step,
    start,
    walk,
)
from gmm_core.gathering import gather
from gmm_core.log_joint import CHUNK, LogJoint, log_joint, share_out
from gmm_core.points import Array
from gmm_core.quadratic import are_precise, fill_in_products, layout_of, shifted_features
from gmm_core.walk import Walk
from tests.strategies import QUICK, make_mixture, make_points, seeds

NOISE = Noise(0.15, 300.0)


def centred(points: Array, mixture: Mixture, weights: Array, temperature: float = 1.0) -> Expectation:
    """By differences from every mean before anything is squared: shares from those, moments from shares."""
    parts = []
    for first in range(0, len(points), CHUNK):
        chunk, times = points[first : first + CHUNK], weights[first : first + CHUNK]
        shares, log_densities, objectives = share_out(log_joint(chunk, mixture.log_joint), temperature)
        shares *= times
        k, d = mixture.n_components, mixture.n_dimensions
        noise = None if mixture.noise is None else Noise(float(shares[k].sum()), mixture.noise.volume)
        counts = shares[:k].sum(axis=1)
        divisors = np.where(counts > 0, counts, 1.0)[:, None]
        means = shares[:k] @ chunk[:, :d] / divisors
        gaps = chunk[:, :d] - means[:, None]
        # The mean of the rounded gaps is not quite 0, and no digit of a small component is to be lost to it.
        rest = np.einsum("kn,kni->ki", shares[:k], gaps) / divisors
        gaps -= rest[:, None]
        scatters = (shares[:k, None] * gaps.transpose(0, 2, 1)) @ gaps
        moments = Moments(counts, means + rest, scatters, noise, shares[:k] @ chunk[:, d:])
        parts.append(Expectation(moments, float(log_densities @ times), float(objectives @ times)))
    return reduce(add, parts)


def assert_agree(actual: Expectation, expected: Expectation) -> None:
    """To 1e-9 of each component's own size."""
    mine, theirs = actual.moments, expected.moments
    np.testing.assert_allclose(mine.counts, theirs.counts, rtol=1e-9, atol=1e-290)
    held = mine.counts > 0
    counts, means, scatters = theirs.counts[held], theirs.means[held], theirs.scatters[held]
    extents = np.sqrt(np.diagonal(scatters, axis1=1, axis2=2) / counts[:, None])
    allowed = 1e-9 * extents + 4 * np.spacing(np.abs(means).max())
    assert (np.abs(mine.means[held] - means) <= allowed).all()
    sizes = extents[:, :, None] * extents[:, None, :] * counts[:, None, None]
    assert (np.abs(mine.scatters[held] - scatters) <= 1e-9 * sizes).all()
    np.testing.assert_allclose(mine.successes, theirs.successes, rtol=1e-9, atol=1e-9)
    assert actual.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-9)
    assert actual.objective == pytest.approx(expected.objective, rel=1e-9)
    assert (mine.noise is None) == (theirs.noise is None)
    if mine.noise is not None and theirs.noise is not None:
        assert mine.noise.amount == pytest.approx(theirs.noise.amount, rel=1e-9)


# What is set to nothing so that a component is not expanded, or not whitened by one product either.
WAYS: dict[str, dict[str, float]] = {
    "as it comes": {},
    "own coordinates": {"MOST_CANCELLED": 0.0},
    "differences": {"MOST_CANCELLED": 0.0, "MOST_CANCELLED_OF_COORDINATES": 0.0},
    "no products": {"MOST_EXPANDED": 0},
    "short blocks": {"MOST_CANCELLED": 0.0, "MOST_BYTES_OF_COORDINATES": 1},
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(walk, name, value)
    return str(request.param)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many distances were taken in own coordinates, every time that some were."""
    taken: list[int] = []
    squared_lengths = walk.squared_lengths

    def count(coordinates: Array) -> Array:
        taken.append(coordinates.size // coordinates.shape[2])
        return squared_lengths(coordinates)

    monkeypatch.setattr(walk, "squared_lengths", count)
    return taken


@pytest.mark.slow
@pytest.mark.parametrize("d", [1, 2, 3, 10, 16])
@pytest.mark.parametrize("extras", ["", "noise", "noise binary"])
@pytest.mark.parametrize("n_points", [400, 9000])
@pytest.mark.usefixtures("way")
def test_every_way_agrees_with_plain_differences(d: int, extras: str, n_points: int) -> None:
    for seed, offset in enumerate([0.0, 3e4]):
        rng = np.random.default_rng(seed)
        plain = make_mixture(rng, 3, d)
        points = make_points(rng, plain, n_points) + offset
        table = np.empty((3, 0))
        if "binary" in extras:
            points = np.column_stack([points, rng.integers(0, 2, (n_points, 2))])
            table = rng.uniform(0.1, 0.9, (3, 2))
        noise = Noise(NOISE.amount, 12.0**d) if "noise" in extras else None
        weights = plain.weights * (1 - NOISE.amount if noise else 1)
        mixture = Mixture(weights, plain.means + offset, plain.covariances, noise, table)
        once, times = np.ones(n_points), rng.uniform(0, 3, n_points)
        assert_agree(e_step(points, mixture), centred(points, mixture, once))
        assert_agree(e_step(points, mixture, sample_weights=times), centred(points, mixture, times))
        for temperature in (3.0, 0.5, 0.0):
            expected = centred(points, mixture, once, temperature)
            assert_agree(e_step(points, mixture, temperature=temperature), expected)


def axis_parallel(mixture: Mixture) -> Mixture:
    covariances = mixture.covariances * np.eye(mixture.n_dimensions)
    return Mixture(mixture.weights, mixture.means, covariances, mixture.noise, mixture.probabilities)


@pytest.mark.parametrize("d", [1, 2, 3, 10, 16])
@pytest.mark.parametrize("tilted", [False, True])
@pytest.mark.usefixtures("way")
def test_variances_alone_are_the_diagonals_of_the_whole(d: int, tilted: bool) -> None:
    rng = np.random.default_rng(d)
    mixture = make_mixture(rng, 3, d)
    mixture = mixture if tilted else axis_parallel(mixture)
    points = make_points(rng, mixture, 2000)
    whole, found = e_step(points, mixture), e_step(points, mixture, diagonal=True)
    assert (found.moments.diagonal, whole.moments.diagonal) == (True, False)
    np.testing.assert_allclose(found.moments.counts, whole.moments.counts, rtol=1e-12)
    np.testing.assert_allclose(found.moments.means, whole.moments.means, rtol=1e-9, atol=1e-12)
    expected = whole.moments.scatters * np.eye(d)
    np.testing.assert_allclose(found.moments.scatters, expected, rtol=1e-9)
    assert found.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-13)
    parts = e_step(points[:900], mixture, diagonal=True) + e_step(points[900:], mixture, diagonal=True)
    np.testing.assert_allclose(parts.moments.scatters, expected, rtol=1e-9)
    with pytest.raises(PointsError, match="variances alone"):
        _ = whole.moments + found.moments


@pytest.mark.parametrize("family", FAMILIES)
def test_an_m_step_takes_variances_alone_where_it_reads_no_more(family: str) -> None:
    """In three dimensions a run of such a family gathers no more, and walks as with the whole."""
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 3, 3)
    points = make_points(rng, mixture, 500)
    begin = axis_parallel(mixture)
    few, whole = e_step(points, begin, diagonal=True).moments, e_step(points, begin).moments
    if not FAMILIES[family].axis_parallel:
        with pytest.raises(PointsError, match="needs covariances"):
            m_step(few, family=family)
        assert not start(points, begin, family=family).moments.diagonal
        return
    assert start(points, begin, family=family).moments.diagonal
    expected = m_step(whole, family=family)
    np.testing.assert_allclose(m_step(few, family=family).covariances, expected.covariances, rtol=1e-9)
    # A start that is tilted needs the whole, or its bound would be wrong.
    assert not start(points, mixture, family=family).moments.diagonal


@pytest.mark.parametrize("d", [2, 3, 12])
def test_one_outlier_and_one_thin_component_slow_down_nothing_else(d: int, apart: list[int]) -> None:
    """Only the outlier's own stretch is taken in own coordinates, or the thin component alone."""
    rng = np.random.default_rng(d)
    mixture = make_mixture(rng, 4, d)
    points = make_points(rng, mixture, 40_000)
    e_step(points, mixture)
    assert apart == []
    points[20_000] += 1e3
    actual = e_step(points, mixture)
    assert 0 < sum(apart) <= 4 * 40_000 / 2
    assert_agree(actual, centred(points, mixture, np.ones(len(points))))
    points[20_000] -= 1e3
    apart.clear()
    thin = mixture.covariances.copy()
    thin[0] *= 1e-8
    thinner = Mixture(mixture.weights, mixture.means, thin)
    assert_agree(e_step(points, thinner), centred(points, thinner, np.ones(len(points))))
    assert sum(apart) == 40_000


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 16])
def test_nothing_is_lost_on_the_way_to_tiny_components(d: int) -> None:
    """Smaller and smaller: agreement all along."""
    rng = np.random.default_rng(d)
    wide = make_mixture(rng, 3, d)
    for size in 10.0 ** -np.arange(0, 11, 0.5):
        covariances = wide.covariances.copy()
        covariances[0] *= size**2
        mixture = Mixture(wide.weights, wide.means, covariances)
        points = make_points(rng, mixture, 500)
        assert_agree(e_step(points, mixture), centred(points, mixture, np.ones(len(points))))


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 16])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("offset", [1e3, 1e8])
def test_tiny_components_far_from_the_others_keep_their_digits(d: int, shared: bool, offset: float) -> None:
    rng = np.random.default_rng(d)
    wide = make_mixture(rng, 2, d)
    means = np.array([wide.means[0], wide.means[1] + offset])
    covariances = np.repeat(wide.covariances[:1], 2, axis=0) if shared else wide.covariances
    mixture = Mixture([0.5, 0.5], means, 1e-4 * covariances)
    points = make_points(rng, mixture, 200)
    assert_agree(e_step(points, mixture), centred(points, mixture, np.ones(len(points))))


@pytest.mark.parametrize("d", [1, 2, 5, 16])
@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
def test_points_that_are_all_but_the_same_keep_their_digits(d: int, far: float) -> None:
    """A component may be wide, and what it holds small and far from its mean: so it is after a bad start."""
    rng = np.random.default_rng(d)
    points = np.concatenate([rng.standard_normal((300, d)), far + 1e-5 * rng.standard_normal((50, d))])
    means = np.array([np.zeros(d), np.full(d, 0.5 * far)])
    mixture = Mixture([0.5, 0.5], means, [np.eye(d), (0.2 * far) ** 2 * np.eye(d)])
    assert_agree(e_step(points, mixture), centred(points, mixture, np.ones(len(points))))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e150, -1e300])
@pytest.mark.parametrize("row", [0, 70_000])
def test_points_that_cannot_be_squared_are_refused(value: float, row: int) -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 2, 2)
    points = rng.standard_normal((100_000, 2))
    points[row, 1] = value
    with pytest.raises(PointsError, match="cannot be squared" if np.isfinite(value) else f"Row {row} "):
        e_step(points, mixture)


@QUICK
@given(seeds, st.integers(1, 5), st.integers(0, 2))
def test_the_features_are_the_products(seed: int, d: int, n_binary: int) -> None:
    rng = np.random.default_rng(seed)
    numbers, ones = rng.standard_normal((7, d)), rng.integers(0, 2, (7, n_binary)).astype(float)
    origin = rng.standard_normal(d)
    x = numbers - origin
    pairs = [x[:, i] * x[:, j] for i in range(d) for j in range(i, d)]
    layout = layout_of(d, n_binary, "all")
    blocks = np.column_stack([numbers, ones])[None]
    features, shifted = shifted_features(blocks, origin, layout)
    fill_in_products(features, shifted, layout)
    expected = np.array([np.ones(7), *(1 - ones).T, *ones.T, *x.T, *pairs])
    np.testing.assert_allclose(features[0], expected, rtol=1e-15)


# Several mixtures at once


def stacked(mixtures: list[Mixture]) -> LogJoint:
    """The log-joints of all, along a leading axis."""
    terms = [mixture.log_joint for mixture in mixtures]
    names = ("constants", "means", "whiteners", "log_failures", "log_successes")
    arrays = {name: np.array([getattr(term, name) for term in terms]) for name in names}
    noise = None if terms[0].log_noise is None else np.array([term.log_noise for term in terms])
    return LogJoint(**arrays, log_noise=noise)


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("n_points", [300, 9000])
def test_mixtures_side_by_side_are_as_one_by_one(
    d: int, noisy: bool, temperature: float, n_points: int
) -> None:
    rng = np.random.default_rng(d)
    plain = [make_mixture(rng, 3, d) for _ in range(4)]
    table = rng.uniform(0.1, 0.9, (4, 3, 2))
    share = 1 - NOISE.amount if noisy else 1.0
    mixtures = [
        Mixture(share * one.weights, one.means, one.covariances, NOISE if noisy else None, table[i])
        for i, one in enumerate(plain)
    ]
    points = np.column_stack([make_points(rng, plain[0], n_points), rng.integers(0, 2, (n_points, 2))])
    weights = rng.uniform(0, 2, n_points)
    together = gather(points, stacked(mixtures), weights, temperature)
    assert together.counts.shape == (4, 3)
    for i, mixture in enumerate(mixtures):
        alone = gather(points, mixture.log_joint, weights, temperature)
        for name in ("counts", "means", "scatters", "successes", "log_likelihoods", "objectives"):
            side = getattr(together, name)[i]
            np.testing.assert_allclose(side, getattr(alone, name), rtol=1e-9, atol=1e-9)
        if noisy:
            assert together.noise is not None
            assert alone.noise is not None
            assert together.noise[i] == pytest.approx(float(alone.noise), rel=1e-12)


def test_two_leading_axes_are_as_good_as_one() -> None:
    rng = np.random.default_rng(0)
    mixtures = [make_mixture(rng, 2, 2) for _ in range(6)]
    points = make_points(rng, mixtures[0], 100)
    flat = stacked(mixtures)
    shape = (2, 3)
    deep = LogJoint(
        *(
            array.reshape(*shape, *array.shape[1:])
            for array in (flat.constants, flat.means, flat.whiteners, flat.log_failures, flat.log_successes)
        ),
        log_noise=None,
    )
    one, other = (gather(points, terms) for terms in (flat, deep))
    np.testing.assert_allclose(other.scatters.reshape(one.scatters.shape), one.scatters, rtol=1e-12)
    np.testing.assert_allclose(other.log_likelihoods.ravel(), one.log_likelihoods, rtol=1e-13)


def test_one_tiny_mixture_costs_the_others_nothing(apart: list[int]) -> None:
    rng = np.random.default_rng(0)
    wide = make_mixture(rng, 2, 2)
    tiny = Mixture(wide.weights, wide.means, 1e-20 * wide.covariances)
    points = make_points(rng, wide, 100)
    both = gather(points, stacked([wide, tiny, wide, wide, wide, wide]))
    # Its two components, and those two alone.
    assert set(apart) == {2 * 100}
    for i, mixture in enumerate((wide, tiny)):
        np.testing.assert_allclose(both.scatters[i], e_step(points, mixture).moments.scatters, rtol=1e-9)


@pytest.mark.parametrize(("n_points", "left_over"), [(16_384, 1), (16_384, 3), (32_768, 10)])
def test_a_few_points_left_over_cost_no_second_walk(
    n_points: int, left_over: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((2, n_points + left_over))
    points = np.column_stack([first, 0.9996 * first + np.sqrt(1 - 0.9996**2) * second])
    # Near the origin squares lose no digits, and so few have no extent of their own.
    points[n_points:] *= 1e-3
    mixture = Mixture([0.5, 0.5], [[-0.5, -0.5], [0.5, 0.5]], [0.8 * np.cov(points.T)] * 2)
    walks: list[Walk] = []
    total = Walk.total
    monkeypatch.setattr(Walk, "total", lambda walk: walks.append(walk) or total(walk))
    expectation = e_step(points, mixture)
    assert len(walks) == 1
    assert_agree(expectation, centred(points, mixture, np.ones(len(points))))


def test_what_rounding_has_made_negative_has_no_digits() -> None:
    """Scatters of points that are all but the same, as differences of much larger squares."""
    left = np.array([[[1.4e-17, -1.4e-17], [-1.4e-17, -2.8e-17]]])
    assert not are_precise(left, np.array([[0.0767, 0.0773]])).any()
    assert are_precise(np.array([[[0.05, 0.01], [0.01, 0.05]]]), np.array([[0.0767, 0.0773]])).all()
