"""A mixture of an indefinite number of Gaussians: given a generous K, it switches off what it does not need.

The weights, means and precisions are not numbers but distributions, of the same kind before (the prior) and
after (the posterior) the points were seen: on the weights a Dirichlet distribution, or a Dirichlet process as
a stick that is broken, and a Gauss-Wishart on every mean and precision. A component without points returns to
the prior, so none can collapse. Advancing (`start`, `step`, `iterate`) and stopping (`run`) are separate, as
in EM. `run` merges components and deletes them where that raises the bound, and leaps where steps creep;
`step` does so when asked.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2; Blei & Jordan (2006); Hughes &
Sudderth (2013).
"""

from gmm_core.variational.bound import divergence
from gmm_core.variational.moves import Move
from gmm_core.variational.posterior import Posterior, m_step
from gmm_core.variational.prior import WEIGHT_PRIORS, VariationalPrior, default_variational_prior
from gmm_core.variational.restarts import VariationalRestarts, restart_variational
from gmm_core.variational.runs import VariationalMixture, VariationalRun, resume, run
from gmm_core.variational.shaping import VARIATIONAL_FAMILIES
from gmm_core.variational.steps import VariationalState, iterate, start, step

__all__ = [
    "VARIATIONAL_FAMILIES",
    "WEIGHT_PRIORS",
    "Move",
    "Posterior",
    "VariationalMixture",
    "VariationalPrior",
    "VariationalRestarts",
    "VariationalRun",
    "VariationalState",
    "default_variational_prior",
    "divergence",
    "iterate",
    "m_step",
    "restart_variational",
    "resume",
    "run",
    "start",
    "step",
]
