"""The algorithms by name, each as it is with nothing set."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gmm_core.em import EM, Annealing, EMRun
from gmm_core.em.variant import Variant
from gmm_core.iteration import Algorithm
from gmm_core.kmeans import KMeans
from gmm_core.variational import VariationalMixture, VariationalRun

_ALGORITHMS: dict[str, Algorithm[Any, Any]] = {
    "em": EM(),
    "classification": EM(variant=Variant(temperature=0.0), title="Classification EM"),
    "annealed": Annealing(),
    "kmeans": KMeans(),
    "variational": VariationalMixture(),
}

MixtureAlgorithm = EM | Annealing | VariationalMixture
"""An algorithm whose runs are MixtureRun."""

MixtureRun = EMRun | VariationalRun
"""A run whose states are mixtures."""

ALGORITHMS: Mapping[str, Algorithm[Any, Any]] = MappingProxyType(_ALGORITHMS)
"""Whatever is in it inherits the contract test, tests/gmm_core/test_iteration.py."""
