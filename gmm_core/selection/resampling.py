"""How many resamples a bootstrap is asked for."""

from typing import Any

from gmm_core.points import PointsError
from gmm_core.settings import whole_number


def checked_n_bootstrap(n_bootstrap: Any) -> int:
    """`n_bootstrap` as an int. Raises PointsError unless it is a whole number of 1 or more."""
    wanted = whole_number(n_bootstrap, "The number of resamples")
    if wanted < 1:
        raise PointsError(f"{wanted} resamples were asked for; draw at least 1.")
    return wanted
