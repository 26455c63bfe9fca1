"""From an experiment to its points, and what is known of them."""

from ui.data.data import (
    EMPTY_FRAME,
    MOST_COMPARED,
    Data,
    Source,
    data_of,
    frame_of,
    thinned,
    untold,
    unweighted,
)

__all__ = [
    "EMPTY_FRAME",
    "MOST_COMPARED",
    "Data",
    "Source",
    "data_of",
    "frame_of",
    "thinned",
    "untold",
    "unweighted",
]
