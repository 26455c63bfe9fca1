"""Where the components stand before anything has been learned: the registry of starts."""

from gmm_core.starts.initialization import initialize, starts
from gmm_core.starts.registry import STARTS, Start, find_start
from gmm_core.starts.request import StartError, StartRequest

__all__ = [
    "STARTS",
    "Start",
    "StartError",
    "StartRequest",
    "find_start",
    "initialize",
    "starts",
]
