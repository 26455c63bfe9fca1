"""A mixture of an indefinite number of Gaussians: given a generous K, it switches off what it does not need.

The weights, means and precisions are not numbers but distributions, of the same kind before (the prior) and
after (the posterior) the points were seen: a Dirichlet on the weights, a Gauss-Wishart on every mean and
precision. A component without points returns to the prior, so none can collapse. Advancing (`start`, `step`,
`iterate`) and stopping (`run`) are separate, as in EM.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from gmm_core.variational.posterior import Posterior, divergence, m_step
from gmm_core.variational.prior import VariationalPrior, default_variational_prior
from gmm_core.variational.steps import (
    VariationalMixture,
    VariationalRun,
    VariationalState,
    iterate,
    resume,
    run,
    start,
    step,
)

__all__ = [
    "Posterior",
    "VariationalMixture",
    "VariationalPrior",
    "VariationalRun",
    "VariationalState",
    "default_variational_prior",
    "divergence",
    "iterate",
    "m_step",
    "resume",
    "run",
    "start",
    "step",
]
