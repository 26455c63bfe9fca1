"""The points and mixtures that are timed."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

import gmm_core


def problem(n_points: int, n_components: int) -> tuple[np.ndarray, gmm_core.Mixture]:
    """Points (N, 2) of `n_components` overlapping ellipses of their own size, elongation and tilt, and a
    first guess at them."""
    rng = np.random.default_rng(0)
    angles, spreads = np.pi * rng.random(n_components), rng.uniform(0.5, 1.5, (n_components, 1, 2))
    turns = np.moveaxis(np.array([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]]), 2, 0)
    # As many to an area, however many there are.
    means = 2.5 * np.sqrt(n_components) * rng.random((n_components, 2))
    roots = turns * spreads
    truth = gmm_core.Mixture(np.full(n_components, 1 / n_components), means, roots @ roots.transpose(0, 2, 1))
    points, _ = gmm_core.sample(truth, n_points, rng)
    return points, gmm_core.initialize(points[:100_000], n_components, rng=rng)


def iterations(points: np.ndarray, mixture: gmm_core.Mixture, n_steps: int, family: str = "full") -> None:
    """The E-step at the mixture, and `n_steps` of an M- and an E-step."""
    states: Iterator[gmm_core.EMState] = gmm_core.iterate(points, mixture, family=family)
    next(islice(states, n_steps, None))
