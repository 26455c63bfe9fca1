"""The first states of EM."""

import itertools
from typing import Any

from gmm_core import ComponentCollapsedError, EMState, Mixture, iterate
from gmm_core.points import Array


def states_of(points: Array, mixture: Mixture, n_steps: int, **settings: Any) -> list[EMState]:
    """At most n_steps states after iteration 0: fewer when a component collapses."""
    states: list[EMState] = []
    try:
        for state in itertools.islice(iterate(points, mixture, **settings), n_steps + 1):
            states.append(state)
    except ComponentCollapsedError:
        pass
    return states
