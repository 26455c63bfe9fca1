"""The lower bound on the log-likelihood: what an E-step makes tight and an M-step raises."""

import numpy as np

from gmm_core.em.steps import EMState, check_state
from gmm_core.mixture import Mixture, check_mixture
from gmm_core.moments import Moments


def expected_log_joint(moments: Moments, mixture: Mixture) -> float:
    """E[log p(x, z)] over all points, in nats: what the M-step maximises (Bishop eq. 9.40)."""
    terms = mixture.log_joint
    shifts = np.einsum("kij,kj->ki", mixture.whiteners, moments.means - mixture.means)
    whitened = mixture.whiteners @ moments.scatters @ mixture.whiteners.transpose(0, 2, 1)
    distances = np.einsum("kdd->k", whitened) + moments.counts * (shifts**2).sum(axis=1)
    held = moments.counts > 0
    total = (moments.counts[held] * terms.constants[held]).sum() - 0.5 * distances[held].sum()
    failures = moments.counts[:, None] - moments.successes
    # Without this, a failure left over by rounding would be multiplied by the log-probability of 0, -1e300.
    failures = np.where(failures > 1e-12 * moments.counts[:, None], failures, 0.0)
    total += (moments.successes * terms.log_successes + failures * terms.log_failures).sum()
    if moments.noise is not None and terms.log_noise is not None:
        total += moments.noise.amount * terms.log_noise
    return float(total)


def lower_bound(state: EMState, mixture: Mixture) -> float:
    """The bound on the log-likelihood of `mixture` that the responsibilities of `state` give, in nats; at
    another temperature than 1 that on the free energy.

    It touches the likelihood at the state's own mixture, and no mixture's likelihood lies below it;
    an M-step raises it as far as the family allows. Raises PointsError for what is no EMState, MixtureError
    for what is no Mixture. Source: Bishop eqs. 9.70-9.71; Neal & Hinton (1998), A view of the EM algorithm
    that justifies incremental, sparse, and other variants, whose F it is.
    """
    check_state(state)
    check_mixture(mixture)
    gained = expected_log_joint(state.moments, mixture) - expected_log_joint(state.moments, state.mixture)
    return state.free_energy + gained
