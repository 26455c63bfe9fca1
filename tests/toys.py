"""A toy family, start, generator and algorithm, each by one function and one row, as CONTRIBUTING.md has it.

They are in the registries where this is a plugin: `python -m pytest -p tests.toys -k toy`. Nobody else sees
them.
"""

# The registries are read-only to everybody else.
# pyright: reportPrivateUsage=false

import numpy as np

from gmm_core import Variant, algorithms
from gmm_core.datasets import LabelledPoints, generators
from gmm_core.em import EM
from gmm_core.families import registry as families
from gmm_core.points import Array
from gmm_core.starts import StartRequest
from gmm_core.starts import registry as starts


def circles(counts: Array, scatters: Array) -> Array:
    """(..., K, D, D): a circle for every component, as the family VII has it."""
    n_dimensions = scatters.shape[-1]
    variances = np.trace(scatters, axis1=-2, axis2=-1) / (counts * n_dimensions)
    return variances[..., None, None] * np.eye(n_dimensions)


def anywhere(request: StartRequest) -> Array:
    """(K, D): means drawn from the box around the points."""
    low, high = request.points.min(axis=0), request.points.max(axis=0)
    return low + request.rng.random((request.n_components, len(low))) * (high - low)


def pair(n_points: int, rng: np.random.Generator, *, gap: float) -> LabelledPoints:
    """Two clouds side by side."""
    labels = rng.permutation(np.arange(n_points) % 2)
    points = rng.standard_normal((n_points, 2)) + gap * labels[:, None]
    return LabelledPoints(points, labels, ("left", "right"))


def pytest_configure() -> None:
    """Puts them into the registries, before any test is collected."""
    families._FAMILIES["toy"] = families.Family("toy", "VII", "A toy: every component is a circle.", circles)
    starts._STARTS["toy"] = starts.Start(
        "toy", "Toy start", "Means anywhere in the box of the points.", anywhere
    )
    generators._GENERATORS["toy"] = generators.Generator(
        "toy",
        "Toy clouds",
        "Two clouds side by side.",
        n_components=2,
        family="toy",
        n_points=300,
        knobs=(generators.Knob("gap", "Gap", 0.0, 9.0, 4.0, 0.5, "How far apart they lie."),),
        draw=pair,
    )
    algorithms._ALGORITHMS["toy"] = EM(variant=Variant(temperature=0.0), title="Classification EM")
