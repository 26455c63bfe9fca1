"""Who is told how far it is."""

from collections.abc import Callable
from typing import Any

from gmm_core.points import PointsError, quoted

# Told the share done, from 0 to 1; stops what goes on by answering True.
Progress = Callable[[float], bool | None]


def check_progress(progress: Any) -> None:
    """Raises PointsError unless it is None or can be called."""
    if progress is not None and not callable(progress):
        raise PointsError(
            f"What is told of the progress is {quoted(progress)}; give a function of one number."
        )
