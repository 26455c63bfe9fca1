"""One finished fit and the choices behind it: what code and report are made from."""

import platform
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy

import gmm_core
from gmm_core.em.variant import PLAIN
from gmm_core.mixture import shares_and_densities
from ui.data.units import Units
from ui.export.agreement import Labels


@dataclass(frozen=True, eq=False)
class Outcome:
    """Points, the settings, and the run they led to."""

    points: np.ndarray
    """(N, D)."""
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
    stop_when_falling: bool = True
    """Whether the run was to end where the likelihood fell."""
    columns: tuple[str, ...] = ("x", "y")
    """D texts: what the axes are called."""
    title: str = ""
    """What the data are called."""
    units: Units | None = None
    """Of the columns that the points were made from, where the points are not their own numbers."""
    own_points: np.ndarray | None = None
    """(N, D): those numbers, where there are units."""
    labels: Labels | None = None
    """What the data call the points, where they do."""

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.points.shape[1]

    @cached_property
    def groups(self) -> np.ndarray:
        """(N,): for each point the component of its largest share, counted from 0; K for the noise."""
        return shares_and_densities(self.points, self.run.mixture)[0].argmax(axis=1)

    @cached_property
    def model(self) -> gmm_core.FittedModel:
        """What is worth keeping of it, with the versions of the programs that took part."""
        return gmm_core.fitted_model(
            self.points,
            self.run,
            family=self.family,
            reg_covar=self.reg_covar,
            variant=self.variant,
            columns=self.columns,
            versions=versions(),
        )


def versions() -> dict[str, str]:
    """The programs that take part in every fit beside gmm_core, and their versions."""
    return {"Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__}
