"""Points and fits to export."""

from typing import Any

import numpy as np

import gmm_core
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
    chosen = {"tolerance": 1e-6, "max_steps": 300} | settings
    run = gmm_core.run(points, start, family=family, **chosen)
    return Outcome(points=points, run=run, family=family, **chosen, **words)
