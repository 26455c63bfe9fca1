"""Points whose true clusters are known: classics with their sources, and points made to order."""

from gmm_core.datasets.classics import (
    BACKGROUND,
    CLASSICS,
    Classic,
    DatasetError,
    LabelledPoints,
    Labels,
    load_classic,
)

__all__ = [
    "BACKGROUND",
    "CLASSICS",
    "Classic",
    "DatasetError",
    "LabelledPoints",
    "Labels",
    "load_classic",
]
