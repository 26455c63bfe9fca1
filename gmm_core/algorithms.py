"""The algorithms by name, each as it is with nothing set."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gmm_core.em import EM
from gmm_core.iteration import Algorithm
from gmm_core.kmeans import KMeans
from gmm_core.variational import VariationalMixture

_ALGORITHMS: dict[str, Algorithm[Any, Any]] = {
    "em": EM(),
    "kmeans": KMeans(),
    "variational": VariationalMixture(),
}

ALGORITHMS: Mapping[str, Algorithm[Any, Any]] = MappingProxyType(_ALGORITHMS)
"""Whatever is in it inherits the contract test, tests/gmm_core/test_iteration.py."""
