"""The arrays that a result is made of."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import numpy as np

from gmm_core import Mixture


def arrays_in(value: Any) -> list[np.ndarray]:
    """Every array in it, however deep, computed ones too."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple):
        return [array for part in value for array in arrays_in(part)]
    if isinstance(value, Mapping):
        return arrays_in(tuple(value.values()))
    if isinstance(value, Mixture):
        _ = value.whiteners, value.log_joint
    return arrays_in(tuple(vars(value).values())) if is_dataclass(value) else []
