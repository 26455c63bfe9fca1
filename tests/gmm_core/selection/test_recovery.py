"""Points drawn from a known model: BIC finds the number of components and the family again."""

import numpy as np
import pytest

from gmm_core import FAMILIES, Mixture, sample, sweep
from gmm_core.points import Array

KS = range(1, 6)
SEEDS = 20


def turned(angle: float, variances: tuple[float, float]) -> Array:
    """(2, 2): an ellipse with these variances along its axes, turned by `angle` in radians."""
    axes = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return axes @ np.diag(variances) @ axes.T


COVARIANCES = {
    "EEE": [turned(0.5, (2.4, 0.4))] * 3,
    "VII": [variance * np.eye(2) for variance in (0.3, 1.2, 2.6, 0.7)],
    "VVI": [np.diag(variances) for variances in ((2.6, 0.3), (0.3, 1.4), (1.2, 2.8))],
    "EEV": [turned(angle, (2.4, 0.3)) for angle in (0.3, 1.4, 2.3)],
    "VEV": [turned(0.3, (2.4, 0.3)), turned(1.4, (0.8, 0.1))],
}
CORNERS = np.array([[0.0, 0.0], [7.0, 0.0], [0.0, 7.0], [7.0, 7.0]])


@pytest.mark.slow
@pytest.mark.parametrize("letters", COVARIANCES)
def test_the_model_is_found_again_in_nine_of_ten_seeds(letters: str) -> None:
    """Together a hundred, each family among others that are simpler, and that are more than it needs."""
    covariances = np.array(COVARIANCES[letters])
    n_components = len(covariances)
    truth = Mixture(np.full(n_components, 1 / n_components), CORNERS[:n_components], covariances)
    candidates = sorted({letters, "EII", "EEE", "VVI", "VVV"})
    found = 0
    for seed in range(SEEDS):
        points = sample(truth, 60 * n_components, seed)[0]
        best = min(sweep(points, KS, candidates), key=lambda fit: fit.bic)
        found += (FAMILIES[best.family].letters, best.n_components) == (letters, n_components)
    assert found >= 0.9 * SEEDS
