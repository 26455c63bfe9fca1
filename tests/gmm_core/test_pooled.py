"""An E-step that gathers the sum of the scatters alone: as the whole one's, wherever it can be had so."""

from typing import Any

import numpy as np
import pytest

from gmm_core import FAMILIES, Mixture, Noise, PointsError, e_step, m_step, pooled, start, step
from gmm_core.points import Array
from gmm_core.pooled import pooled_moments
from tests.strategies import make_mixture, make_points


def of_one_covariance(rng: np.random.Generator, n_dimensions: int, size: float = 1.0) -> Mixture:
    plain = make_mixture(rng, 4, n_dimensions)
    return Mixture(plain.weights, plain.means, size**2 * np.repeat(plain.covariances[:1], 4, axis=0))


def assert_agree(points: Array, mixture: Mixture, **settings: Any) -> None:
    whole, found = e_step(points, mixture, **settings), e_step(points, mixture, pooled=True, **settings)
    mine, theirs = found.moments, whole.moments
    assert (mine.pooled, theirs.pooled) == (True, False)
    expected = theirs.scatters.sum(axis=0)
    extents = np.sqrt(np.diagonal(expected))
    errors = (mine.scatters.sum(axis=0) - expected) / extents[:, None] / extents
    assert np.abs(errors).max() < 1e-9
    allowed = 1e-9 * extents / np.sqrt(theirs.total) + 4 * np.spacing(np.abs(points).max())
    assert (np.abs(mine.means - theirs.means) <= allowed).all()
    np.testing.assert_allclose(mine.counts, theirs.counts, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mine.successes, theirs.successes, rtol=1e-9, atol=1e-9)
    assert mine.total == pytest.approx(theirs.total, rel=1e-12)
    assert found.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-11)
    assert found.objective == pytest.approx(whole.objective, rel=1e-11)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 10, 50])
@pytest.mark.parametrize("offset", [0.0, 1e4, 1e8])
@pytest.mark.parametrize("outlier", [0.0, 1e3])
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
def test_it_agrees_with_the_whole(
    n_dimensions: int, offset: float, outlier: float, temperature: float
) -> None:
    rng = np.random.default_rng(n_dimensions)
    plain = of_one_covariance(rng, n_dimensions)
    points = make_points(rng, plain, 3000) + offset
    points[7] += outlier
    points = np.column_stack([points, rng.integers(0, 2, (3000, 2)).astype(np.float64)])
    table = rng.uniform(0.1, 0.9, (4, 2))
    noise = Noise(0.15, 12.0**n_dimensions)
    mixture = Mixture(0.85 * plain.weights, plain.means + offset, plain.covariances, noise, table)
    weights = rng.uniform(0, 2, 3000)
    # So the comparison says something.
    assert pooled_moments(points, mixture.log_joint, weights, temperature) is not None
    assert_agree(points, mixture, sample_weights=weights, temperature=temperature)


@pytest.mark.parametrize("n_dimensions", [1, 3, 10])
@pytest.mark.parametrize("size", 10.0 ** -np.arange(0, 10, 0.5))
def test_nothing_is_lost_on_the_way_to_tiny_components(n_dimensions: int, size: float) -> None:
    """Where the sums would cancel, every component is gathered by itself."""
    rng = np.random.default_rng(n_dimensions)
    mixture = of_one_covariance(rng, n_dimensions, size)
    assert_agree(make_points(rng, mixture, 500), mixture)


@pytest.mark.parametrize(
    "limit", ["MOST_CANCELLED", "MOST_CANCELLED_OF_SQUARES", "MOST_CANCELLED_OF_COORDINATES"]
)
def test_neither_way_makes_a_difference(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    mixture = of_one_covariance(rng, 5)
    points = make_points(rng, mixture, 800)
    before = e_step(points, mixture, pooled=True)
    monkeypatch.setattr(pooled, limit, 60.0)
    assert_agree(points, mixture)
    after = e_step(points, mixture, pooled=True)
    np.testing.assert_allclose(
        after.moments.scatters.sum(axis=0), before.moments.scatters.sum(axis=0), rtol=1e-11, atol=1e-10
    )


def test_where_nobody_holds_anything_nothing_is_gathered() -> None:
    rng = np.random.default_rng(0)
    plain = of_one_covariance(rng, 3)
    mixture = Mixture(1e-3 * plain.weights, plain.means, plain.covariances, Noise(0.999, 1.0))
    found = e_step(np.full((5, 3), 1e3), mixture, pooled=True)
    assert found.moments.total == pytest.approx(5.0)
    assert not found.moments.scatters.any()


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e150, -1e300])
def test_points_that_cannot_be_squared_are_refused(value: float) -> None:
    rng = np.random.default_rng(0)
    mixture = of_one_covariance(rng, 3)
    points = make_points(rng, mixture, 9000)
    points[8000, 1] = value
    with pytest.raises(PointsError):
        e_step(points, mixture, pooled=True)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_m_step_takes_the_sum_where_it_reads_no_more(family: str) -> None:
    rng = np.random.default_rng(0)
    mixture = of_one_covariance(rng, 3)
    points = make_points(rng, mixture, 500)
    moments = e_step(points, mixture, pooled=True).moments
    if not FAMILIES[family].pooled:
        with pytest.raises(PointsError, match="needs each"):
            m_step(moments, family=family)
        assert not start(points, mixture, family=family).moments.pooled
        return
    expected = m_step(e_step(points, mixture).moments, family=family)
    np.testing.assert_allclose(m_step(moments, family=family).covariances, expected.covariances, rtol=1e-9)


def test_a_run_of_one_covariance_gathers_no_more() -> None:
    rng = np.random.default_rng(0)
    begin = make_mixture(rng, 3, 4)
    points = make_points(rng, begin, 500)
    first = start(points, begin, family="tied")
    second = step(points, first, family="tied")
    assert (first.moments.pooled, second.moments.pooled) == (False, True)
    halves = [e_step(part, second.mixture, pooled=True) for part in (points[:200], points[200:])]
    np.testing.assert_allclose(
        m_step((halves[0] + halves[1]).moments, family="tied").covariances,
        step(points, second, family="tied").mixture.covariances,
        rtol=1e-11,
    )
    with pytest.raises(PointsError, match="scatters pooled"):
        _ = halves[0].moments + first.moments
