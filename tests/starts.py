"""Starts by any method, given what it needs."""

from typing import Any

import numpy as np

from gmm_core import STARTS, Mixture, initialize
from gmm_core.points import Array


def begin(
    points: Array, n_components: int, method: str, *, seed: int = 0, family: str = "full", **settings: Any
) -> Mixture:
    rng = np.random.default_rng(seed)
    # A generator of its own: what is given must not depend on what has been drawn.
    shares = np.random.default_rng(seed).dirichlet(np.ones(n_components), len(points))
    given = {"means": np.unique(points, axis=0)[:n_components], "responsibilities": shares}
    needed = {what: values for what, values in given.items() if what == STARTS[method].needs}
    return initialize(points, n_components, method=method, family=family, rng=rng, **needed, **settings)
