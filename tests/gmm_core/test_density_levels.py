"""Levels of the density: the share of the mass above them."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2, multivariate_normal

from gmm_core import Mixture, MixtureError, Noise, cdf, density_levels, log_density, mass_within
from tests.strategies import make_mixture

SHARES = [0.05, 0.5, 0.95, 0.999]


@pytest.mark.parametrize("n_dimensions", [1, 2, 7])
def test_of_one_gaussian_it_is_exact(n_dimensions: int) -> None:
    mixture = make_mixture(np.random.default_rng(n_dimensions), 1, n_dimensions)
    found = density_levels(mixture, SHARES, rng=0)
    peak = multivariate_normal(mixture.means[0], mixture.covariances[0]).logpdf(mixture.means[0])
    assert found.log_densities == pytest.approx(peak - 0.5 * chi2(n_dimensions).ppf(SHARES), rel=1e-12)
    assert not found.standard_errors.any()
    assert not found.share_errors.any()
    assert found.n_samples == 0
    radii = np.sqrt(2 * (peak - found.log_densities))
    assert [mass_within(radius, n_dimensions) for radius in radii] == pytest.approx(SHARES, rel=1e-10)


def test_a_component_of_no_weight_changes_nothing() -> None:
    two = Mixture([0.0, 1.0], [[9.0], [1.0]], [[[1.0]], [[4.0]]])
    one = Mixture([1.0], [[1.0]], [[[4.0]]])
    assert density_levels(two, 0.9, rng=0).log_densities == density_levels(one, 0.9, rng=0).log_densities


BIMODAL = Mixture([0.3, 0.7], [[0.0], [4.0]], [[[0.25]], [[2.0]]])


def exact_level(share: float) -> float:
    """Of the two-humped one: where the density crosses a level, and what the distribution function says."""
    grid = np.linspace(-6, 14, 400_001)[:, None]
    densities, below = log_density(grid, BIMODAL), cdf(grid, BIMODAL)

    def too_much(level: float) -> float:
        inside = np.concatenate([[0], (densities >= level).astype(int), [0]])
        edges = np.flatnonzero(np.diff(inside))
        ends = below[np.minimum(edges, len(below) - 1)]
        return float((ends[1::2] - ends[::2]).sum()) - share

    return brentq(too_much, -30, densities.max())


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_region_in_two_pieces_holds_its_share_within_the_stated_error(share: float) -> None:
    exact = exact_level(share)
    found = [density_levels(BIMODAL, share, n_samples=4_000, rng=seed) for seed in range(60)]
    z = np.array([(one.log_densities[0] - exact) / one.standard_errors[0] for one in found])
    assert abs(z.mean()) < 0.6
    assert 0.6 < np.sqrt((z**2).mean()) < 1.5
    assert found[0].share_errors[0] == pytest.approx(np.sqrt(share * (1 - share) / 4_000))


def test_far_from_the_origin_the_levels_are_the_same() -> None:
    near, far = (
        Mixture([0.5, 0.5], [[offset], [offset + 1]], [[[1e-14]], [[4e-14]]]) for offset in (0.0, 2.0**27)
    )
    levels = [density_levels(one, [0.5, 0.9], n_samples=2_000, rng=0).log_densities for one in (near, far)]
    assert levels[1] == pytest.approx(levels[0], rel=1e-12)


def test_binary_columns_count() -> None:
    """One component and a coin: half of the mass lies where the coin falls on its likelier side."""
    mixture = Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[[0.9]])
    found = density_levels(mixture, 0.5, n_samples=40_000, rng=1)
    # P(|x| <= r1) * 0.9 + P(|x| <= r0) * 0.1, both at one level of the density.
    peak = -0.5 * np.log(2 * np.pi)

    def too_much(level: float) -> float:
        halves = np.maximum(np.log([0.9, 0.1]) + peak - level, 0.0)
        return float(np.array([0.9, 0.1]) @ chi2(1).cdf(2 * halves)) - 0.5

    exact = brentq(too_much, -20, peak)
    assert abs(found.log_densities[0] - exact) < 5 * found.standard_errors[0]


@pytest.mark.parametrize("shares", [0.0, 1.0, [0.5, np.nan], [[0.5]], "half", -1])
def test_shares_that_make_no_sense_are_refused(shares: object) -> None:
    with pytest.raises(MixtureError, match=r"^The shares .*\.$"):
        density_levels(BIMODAL, shares, rng=0)  # type: ignore[arg-type]


def test_noise_has_no_place() -> None:
    noisy = Mixture([0.9], [[0.0]], [[[1.0]]], Noise(0.1, 9.0))
    with pytest.raises(MixtureError, match=r"^Noise has a volume but no place"):
        density_levels(noisy, 0.5, rng=0)
    with pytest.raises(MixtureError, match=r"^Levels cannot be told from 1 points; "):
        density_levels(BIMODAL, 0.5, n_samples=1, rng=0)
