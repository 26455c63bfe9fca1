"""Points and fits to export."""

from typing import Any

import numpy as np

import gmm_core
from gmm_core import EM
from ui.export.outcome import Outcome


def faithful() -> np.ndarray:
    return gmm_core.load_classic("old_faithful").pair("eruptions", "waiting").points


def iris() -> np.ndarray:
    return gmm_core.load_classic("iris").pair("petal_length", "petal_width").points


def blobs() -> np.ndarray:
    return gmm_core.generate("elongated", n_points=400, rng=np.random.default_rng(3)).points


def outcome_of(points: np.ndarray, n_components: int = 3, family: str = "full", **settings: Any) -> Outcome:
    start = settings.pop("start", None)
    if start is None:
        rng = np.random.default_rng(0)
        start = gmm_core.initialize(points, n_components, family=family, rng=rng)
    names = ("columns", "title")
    words = {name: settings.pop(name) for name in names if name in settings}
    chosen = {"max_steps": 300} | settings
    max_steps = chosen.pop("max_steps")
    algorithm = chosen.pop("algorithm", None) or EM(family, **chosen)
    run = algorithm.run(points, start, max_steps=max_steps)
    return Outcome(points, run, algorithm, max_steps, **words)
