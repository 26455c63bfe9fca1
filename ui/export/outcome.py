"""One finished fit and the choices behind it: what code and report are made from."""

from dataclasses import dataclass

import numpy as np

import gmm_core
from gmm_core.variant import PLAIN


@dataclass(frozen=True, eq=False)
class Outcome:
    """Points, the settings, and the run they led to."""

    points: np.ndarray
    """(N, 2)."""
    run: gmm_core.EMRun
    """From the start to the end."""
    family: str
    """A key of FAMILIES."""
    tolerance: float
    """Nats a point."""
    max_steps: int
    """The step limit."""
    reg_covar: float = 0.0
    """In squared units of the points."""
    variant: gmm_core.Variant = PLAIN
    """What differs from plain EM."""
    columns: tuple[str, str] = ("x", "y")
    """What the axes are called."""
    title: str = ""
    """What the data are called."""
