"""A mixture of an indefinite number of Gaussians: distributions over its parameters, one step at a time."""

from gmm_core.variational.prior import (
    VariationalPrior,
    default_variational_prior,
)
from gmm_core.variational.variational import (
    Posterior,
    VariationalRun,
    VariationalState,
    divergence,
    iterate,
    m_step,
    run,
    start,
    step,
)

__all__ = [
    "Posterior",
    "VariationalRun",
    "VariationalState",
    "divergence",
    "iterate",
    "m_step",
    "run",
    "start",
    "step",
    "VariationalPrior",
    "default_variational_prior",
]
