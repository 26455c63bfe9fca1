"""The M-step: from expected sufficient statistics to a mixture."""

import numpy as np

from gmm_core.collapse import check_counts, check_covariances
from gmm_core.em.prior import with_prior
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.families import find_family
from gmm_core.mixture import Mixture, MixtureError, Noise, mixture_unchecked
from gmm_core.moments import Moments
from gmm_core.points import Array, PointsError, quoted
from gmm_core.settings import check_kind, is_not_negative


def m_step(
    moments: Moments,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    before: Mixture | None = None,
) -> Mixture:
    """The mixture of `family` that maximises the expected log-likelihood (Bishop eqs. 9.24-9.26, 9.60).

    `reg_covar` (squared units of the points) is added to every variance afterwards; above 0 the
    likelihood may fall. Of the `variant` its prior and its constraints matter here. Where several maxima have
    to be searched (EVE and VVE beyond the plane) the mixture `before`, under which the moments were gathered,
    is where one search begins: the one found is then no worse. Raises FamilyError for an unknown family, or
    one that lacks what is asked of it, MixtureError for a negative reg_covar, settings that contradict each
    other or a mixture of another K or D, PointsError for what are no Moments, ComponentCollapsedError when a
    component has lost its points or its extent.
    """
    chosen = find_family(family)
    check_kind(moments, Moments, "The moments", "give those of an E-step, e_step(points, mixture).moments")
    check_variant(variant)
    _check_settings(moments, reg_covar, variant)
    if before is not None:
        _check_before(moments, before)
    if moments.diagonal and not chosen.axis_parallel and variant.covariances is None:
        raise PointsError(
            f"These moments hold variances alone, and the family {chosen.name} needs covariances; take the "
            "E-step without diagonal=True, or begin the run with this family."
        )
    if moments.pooled and not chosen.pooled and variant.covariances is None:
        raise PointsError(
            f"These moments hold the sum of the scatters alone, and the family {chosen.name} needs each; "
            "take the E-step without pooled=True, or begin the run with this family."
        )
    check_counts(moments)
    held, means = moments, moments.means
    if variant.prior is not None:
        held, means = with_prior(moments, variant.prior, family)
    if variant.covariances is not None:
        covariances = variant.covariances
    else:
        known = None if before is None else before.covariances
        covariances = chosen.covariances(held.counts, held.scatters, known)
        if reg_covar:
            covariances = covariances + reg_covar * np.eye(moments.n_dimensions)
    check_covariances(moments, covariances)
    weights, noise = _weights(moments, variant.equal_weights)
    probabilities = moments.successes
    if probabilities.size:
        probabilities = np.minimum(probabilities / moments.counts[:, None], 1.0)
    return mixture_unchecked(weights, means, covariances, noise, probabilities)


def _check_settings(moments: Moments, reg_covar: float, variant: Variant) -> None:
    if not is_not_negative(reg_covar):
        raise MixtureError(f"reg_covar is {quoted(reg_covar)}; it is a variance to add, so give 0 or more.")
    if variant.covariances is None:
        return
    if reg_covar:
        raise MixtureError("Fixed covariances stay as they are; leave reg_covar at 0.")
    if variant.covariances.shape != moments.scatters.shape:
        raise MixtureError(
            f"The fixed covariances have shape {variant.covariances.shape} and must have "
            f"{moments.scatters.shape}; give one D x D matrix for each component."
        )


def _check_before(moments: Moments, before: Mixture) -> None:
    check_kind(before, Mixture, "The mixture before", "give the one that the E-step was at", MixtureError)
    if before.covariances.shape != moments.scatters.shape:
        raise MixtureError(
            f"The mixture before has {before.n_components} components in {before.n_dimensions} dimensions "
            f"and the moments {moments.n_components} in {moments.n_dimensions}; give the one that the E-step "
            "was at, or leave it out."
        )


def _weights(moments: Moments, equal: bool) -> tuple[Array, Noise | None]:
    """(K,): shares of the points, and what the noise has of them."""
    total, noise, rest = moments.total, None, 1.0
    if moments.noise is not None:
        noise = Noise(moments.noise.amount / total, moments.noise.volume)
        rest = 1.0 - noise.amount
    if equal:
        return np.full(moments.n_components, rest / moments.n_components), noise
    return moments.counts / total, noise
