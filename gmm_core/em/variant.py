"""What may differ from plain EM: the weights of points, a prior, constraints, a temperature."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em.prior import Prior
from gmm_core.expectation import check_temperature
from gmm_core.mixture import Mixture, MixtureError
from gmm_core.points import Array, ReadOnly, as_numbers, read_only
from gmm_core.settings import check_kind, truth

PRIOR_TOO = " with the prior"


@dataclass(frozen=True, eq=False)
class Variant(ReadOnly):
    """How a fit departs from plain EM; every choice goes with every other, unless it says so.

    Raises MixtureError for a temperature below 0, or covariances that are no (K, D, D) array, symmetric and
    positive definite; what depends on the points, the family or K is checked by the step.
    """

    sample_weights: ArrayLike | None = None
    """(N,), numbers >= 0: every point counts so many times. None for 1 each."""
    prior: Prior | None = None
    """Maximises the posterior instead of the likelihood; for the families in prior.PRIOR_FAMILIES."""
    equal_weights: bool = False
    """All components weigh the same; the noise, if any, keeps its own weight."""
    covariances: Array | None = None
    """(K, D, D): the components keep these, whatever the family; not together with reg_covar."""
    temperature: float = 1.0
    """Shares are those of density ** (1 / temperature): 1 is EM, above 1 softer (deterministic annealing,
    Ueda & Nakano 1998), 0 gives every point to one component (classification EM, Celeux & Govaert 1992)."""

    def __post_init__(self) -> None:
        check_temperature(self.temperature)
        truth(self.equal_weights, "The setting 'equal_weights'", MixtureError)
        if self.prior is not None:
            check_kind(self.prior, Prior, "The prior", "make one with default_prior", MixtureError)
        if self.covariances is None:
            return
        said = "Fixed covariances must be a (K, D, D) array of finite numbers; give all K."
        covariances = read_only(as_numbers(self.covariances, "Fixed covariances", MixtureError, said))
        if covariances.ndim != 3 or covariances.size == 0 or not np.isfinite(covariances).all():
            raise MixtureError(said)
        # Mixture checks that each is symmetric and positive definite.
        n_components = len(covariances)
        Mixture(np.full(n_components, 1 / n_components), np.zeros(covariances.shape[:2]), covariances)
        object.__setattr__(self, "covariances", covariances)

    @property
    def objective_name(self) -> str:
        """What EM raises when it is varied so."""
        name = "log-likelihood" if self.temperature == 1 else "free energy"
        return name if self.prior is None else name + PRIOR_TOO


def check_variant(variant: Any) -> None:
    """Raises MixtureError unless it is a Variant."""
    check_kind(variant, Variant, "The variant", "make one with Variant(...), or leave it out", MixtureError)


PLAIN = Variant()
