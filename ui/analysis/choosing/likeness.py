"""Which colour each component of a fit has beside another one."""

import numpy as np

from gmm_core import Mixture, match_components


def matched_colours(reference: Mixture, mixture: Mixture) -> tuple[int, ...]:
    """(K,): for each component of `mixture` the number of its partner in `reference`, whose colour it has;
    those without a partner have the numbers that are left, from the smallest on."""
    partners = match_components(reference, mixture)
    colours = np.full(mixture.n_components, -1)
    paired = partners >= 0
    colours[partners[paired]] = np.flatnonzero(paired)
    free = (k for k in range(reference.n_components + mixture.n_components) if k not in colours)
    return tuple(int(colour) if colour >= 0 else next(free) for colour in colours.tolist())
