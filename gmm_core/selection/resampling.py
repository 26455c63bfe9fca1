"""What every bootstrap is asked for: how many resamples, and who is told how far it is."""

from collections.abc import Callable
from typing import Any

from gmm_core.points import PointsError, quoted
from gmm_core.settings import whole_number

# Told the share done, from 0 to 1; stops what goes on by answering True.
Progress = Callable[[float], bool | None]


def checked_n_bootstrap(n_bootstrap: Any) -> int:
    """`n_bootstrap` as an int. Raises PointsError unless it is a whole number of 1 or more."""
    wanted = whole_number(n_bootstrap, "The number of resamples")
    if wanted < 1:
        raise PointsError(f"{wanted} resamples were asked for; draw at least 1.")
    return wanted


def check_progress(progress: Any) -> None:
    """Raises PointsError unless it is None or can be called."""
    if progress is not None and not callable(progress):
        raise PointsError(
            f"What is told of the progress is {quoted(progress)}; give a function of one number."
        )
