"""One finished fit and the choices behind it: what code and report are made from."""

import platform
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy

import gmm_core
from gmm_core import EM, Annealing, VariationalMixture
from gmm_core.algorithms import MixtureAlgorithm, MixtureRun
from gmm_core.log_joint import chunks, log_joint, share_out
from ui.data.units import Units
from ui.data.yes_no import YesNo, beside
from ui.export.agreement import Agreement, Labels, agreement_of


@dataclass(frozen=True, eq=False)
class Outcome:
    """Points, the settings, and the run they led to."""

    points: np.ndarray
    """(N, D)."""
    run: MixtureRun
    """From the start to the end."""
    algorithm: MixtureAlgorithm
    """That made it, with its settings."""
    max_steps: int
    """The step limit."""
    columns: tuple[str, ...] = ("x", "y")
    """D texts: what the axes are called."""
    title: str = ""
    """What the data are called."""
    pair: tuple[int, ...] = (0, 1)
    """Of more than two dimensions the two that a figure shows, across and upwards."""
    units: Units | None = None
    """Of the columns that the points were made from, where the points are not their own numbers."""
    own_points: np.ndarray | None = None
    """(N, D): those numbers, where there are units."""
    labels: Labels | None = None
    """What the data call the points, where they do."""
    yes_no: YesNo | None = None
    """The column of two values that was fitted beside the numbers, where there is one."""
    start: gmm_core.Mixture | None = None
    """The mixture it began with, where its first state has another."""

    @property
    def begun(self) -> gmm_core.Mixture:
        """The mixture it began with."""
        return self.run.states[0].mixture if self.start is None else self.start

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.points.shape[1]

    @property
    def fitted(self) -> np.ndarray:
        """(N, D + B): what the mixture was fitted to, with zeros and ones behind the numbers."""
        return beside(self.points, self.yes_no)

    @property
    def em(self) -> EM:
        """EM as far as it took part: of a variational mixture its family, tolerance and weights of points."""
        made = self.algorithm
        if isinstance(made, VariationalMixture):
            variant = gmm_core.Variant(sample_weights=made.sample_weights)
            return EM(made.family, variant=variant, tolerance=made.tolerance)
        return made.em if isinstance(made, Annealing) else made

    @property
    def family(self) -> str:
        """A key of FAMILIES."""
        return self.em.family

    @property
    def tolerance(self) -> float:
        """Nats a point."""
        return self.em.tolerance

    @property
    def reg_covar(self) -> float:
        """In squared units of the points."""
        return self.em.reg_covar

    @property
    def variant(self) -> gmm_core.Variant:
        """What differs from plain EM."""
        return self.em.variant

    @property
    def log_likelihood(self) -> float:
        """Of the points under the last mixture, in nats."""
        return self.model.log_likelihood

    @cached_property
    def shares(self) -> np.ndarray:
        """(N, K), or (N, K + 1) with noise, which comes last: what the run gives every point at its end, by
        its own terms and temperature, as the picture shows it."""
        last = self.run.states[-1]
        parts = [
            share_out(log_joint(chunk, last.terms), last.temperature)[0] for chunk in chunks(self.fitted)
        ]
        return np.concatenate(parts, axis=1).T

    @property
    def groups(self) -> np.ndarray:
        """(N,): for each point the component of its largest share, counted from 0; K for the noise."""
        return self.shares.argmax(axis=1)

    @cached_property
    def agreement(self) -> Agreement | None:
        """Of these groups with the labels, where there are any."""
        if self.labels is None:
            return None
        return agreement_of(self.labels, self.groups, self.run.mixture.n_components)

    @cached_property
    def model(self) -> gmm_core.FittedModel:
        """What is worth keeping of it, with the versions of the programs that took part."""
        return gmm_core.fitted_model(
            self.fitted,
            self.run,
            family=self.family,
            reg_covar=self.reg_covar,
            variant=self.variant,
            columns=(*self.columns, *([] if self.yes_no is None else [self.yes_no.name])),
            versions=versions(),
        )


def versions() -> dict[str, str]:
    """The programs that take part in every fit beside gmm_core, and their versions."""
    return {"Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__}
