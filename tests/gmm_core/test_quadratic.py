"""The E-step by matrix products agrees with the one by differences, and declines where it could not."""

from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import Expectation, Mixture, Moments, Noise, e_step, expectation, quadratic
from gmm_core.log_joint import CHUNK, LogJoint, log_joint, share_out
from gmm_core.points import Array
from gmm_core.quadratic import features_of, gathered
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
        scatters = np.einsum("kn,kni,knj->kij", shares[:k], gaps, gaps)
        moments = Moments(counts, means + rest, scatters, noise, shares[:k] @ chunk[:, d:])
        parts.append(Expectation(moments, float(log_densities @ times), float(objectives @ times)))
    return reduce(add, parts)


def assert_agree(actual: Expectation, expected: Expectation) -> None:
    """To 1e-9 of each component's own size."""
    mine, theirs = actual.moments, expected.moments
    np.testing.assert_allclose(mine.counts, theirs.counts, rtol=1e-9)
    held = theirs.counts > 0
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


@pytest.fixture
def declined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of every chunk that the matrix products left to the differences."""
    rows: list[int] = []
    by_differences = expectation._expect_centred

    def count(chunk: Array, *arguments: Any) -> Expectation:
        rows.append(len(chunk))
        return by_differences(chunk, *arguments)

    monkeypatch.setattr(expectation, "_expect_centred", count)
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("extras", ["", "noise", "binary", "noise binary"])
@pytest.mark.parametrize("offset", [0.0, 3e4])
@pytest.mark.parametrize("n_points", [400, 20_000])
def test_the_products_agree_with_the_differences(
    d: int, extras: str, offset: float, n_points: int, declined: list[int]
) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        plain = make_mixture(rng, 3, d)
        points = make_points(rng, plain, n_points) + offset
        table = np.empty((3, 0))
        if "binary" in extras:
            points = np.column_stack([points, rng.integers(0, 2, (n_points, 2))])
            table = rng.uniform(0.1, 0.9, (3, 2))
        noise = NOISE if "noise" in extras else None
        weights = plain.weights * (1 - NOISE.amount if noise else 1)
        mixture = Mixture(weights, plain.means + offset, plain.covariances, noise, table)
        once, times = np.ones(n_points), rng.uniform(0, 3, n_points)
        assert_agree(e_step(points, mixture), centred(points, mixture, once))
        assert_agree(e_step(points, mixture, sample_weights=times), centred(points, mixture, times))
        for temperature in (3.0, 0.5):
            expected = centred(points, mixture, once, temperature)
            assert_agree(e_step(points, mixture, temperature=temperature), expected)
        # Ordinary points never need the slower way, unless a component is left without any.
        assert declined == []
        assert_agree(e_step(points, mixture, temperature=0), centred(points, mixture, once, 0))
        declined.clear()


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
def test_nothing_is_lost_on_the_way_to_tiny_components(d: int, declined: list[int]) -> None:
    """Smaller and smaller until the products decline: agreement all along."""
    rng = np.random.default_rng(d)
    wide = make_mixture(rng, 3, d)
    paths = []
    for size in 10.0 ** -np.arange(0, 8, 0.5):
        covariances = wide.covariances.copy()
        covariances[0] *= size**2
        mixture = Mixture(wide.weights, wide.means, covariances)
        points = make_points(rng, mixture, 500)
        declined.clear()
        actual = e_step(points, mixture)
        assert_agree(actual, centred(points, mixture, np.ones(len(points))))
        paths.append(bool(declined))
    assert paths == sorted(paths)
    assert not paths[0]
    assert paths[-1]


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("offset", [1e3, 1e8])
def test_tiny_components_far_from_the_others_are_declined(d: int, offset: float) -> None:
    rng = np.random.default_rng(d)
    wide = make_mixture(rng, 2, d)
    means = np.array([wide.means[0], wide.means[1] + offset])
    mixture = Mixture([0.5, 0.5], means, 1e-4 * wide.covariances)
    points = make_points(rng, mixture, 200)
    assert quadratic.expect(points, mixture.log_joint, mixture.weights @ mixture.means) is None
    assert_agree(e_step(points, mixture), centred(points, mixture, np.ones(len(points))))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e150, -1e300])
@pytest.mark.parametrize("row", [0, 70_000])
def test_points_that_cannot_be_squared_are_declined(value: float, row: int) -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 2, 2)
    points = rng.standard_normal((100_000, 2))
    points[row, 1] = value
    assert quadratic.expect(points, mixture.log_joint, np.zeros(2)) is None


def test_scatters_that_have_lost_their_digits_say_so() -> None:
    """A component may lie far from the origin and hold points that are all but the same."""
    origin = np.zeros(2)
    for spread, expected in ((1.0, True), (1e-2, True), (1e-6, False), (0.0, False)):
        points = 1.0 + spread * np.random.default_rng(0).standard_normal((50, 2))
        sums = features_of(points, origin).sum(axis=1)[None]
        counts, means, scatters, precise = gathered(sums, origin)
        assert bool(precise) is expected
        assert counts[0] == 50
        if expected:
            np.testing.assert_allclose(means[0], points.mean(axis=0), rtol=1e-13)
            np.testing.assert_allclose(scatters[0], 50 * np.cov(points.T, bias=True), rtol=1e-9)
    assert not gathered(np.zeros((1, 6)), origin)[3]


@QUICK
@given(seeds, st.integers(1, 5), st.integers(0, 2))
def test_the_features_are_the_products(seed: int, d: int, n_binary: int) -> None:
    rng = np.random.default_rng(seed)
    numbers, ones = rng.standard_normal((7, d)), rng.integers(0, 2, (7, n_binary)).astype(float)
    origin = rng.standard_normal(d)
    x = numbers - origin
    pairs = [x[:, i] * x[:, j] for i in range(d) for j in range(i, d)]
    expected = np.array([np.ones(7), *x.T, *pairs, *(1 - ones).T, *ones.T])
    np.testing.assert_allclose(features_of(np.column_stack([numbers, ones]), origin), expected, rtol=1e-15)


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
    weights, origin = rng.uniform(0, 2, n_points), np.zeros(d)
    together = quadratic.expect(points, stacked(mixtures), origin, weights, temperature)
    assert together is not None
    assert together.features.shape[:2] == (4, 3 + noisy)
    for i, mixture in enumerate(mixtures):
        alone = quadratic.expect(points, mixture.log_joint, origin, weights, temperature)
        assert alone is not None
        np.testing.assert_allclose(together.features[i], alone.features, rtol=1e-10, atol=1e-9)
        assert together.log_likelihood[i] == pytest.approx(alone.log_likelihood, rel=1e-12)
        assert together.objective[i] == pytest.approx(alone.objective, rel=1e-12)
        both = [gathered(sums.features[..., :3, :], origin) for sums in (together, alone)]
        for side, one in zip(*both, strict=True):
            np.testing.assert_allclose(side[i], one, rtol=1e-9, atol=1e-9)


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
    one, other = (quadratic.expect(points, terms, np.zeros(2)) for terms in (flat, deep))
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(other.features.reshape(one.features.shape), one.features, rtol=1e-12)
    np.testing.assert_allclose(other.log_likelihood.ravel(), one.log_likelihood, rtol=1e-13)


def test_one_tiny_mixture_is_declined_for_all() -> None:
    rng = np.random.default_rng(0)
    wide = make_mixture(rng, 2, 2)
    tiny = Mixture(wide.weights, wide.means, 1e-10 * wide.covariances)
    points = make_points(rng, wide, 100)
    assert quadratic.expect(points, stacked([wide, wide]), np.zeros(2)) is not None
    assert quadratic.expect(points, stacked([wide, tiny]), np.zeros(2)) is None
