"""Where the components stand before anything has been learned: the registry of starts."""

from gmm_core.starts.initialization import initialize, starts
from gmm_core.starts.registry import STARTS, Start, find_start
from gmm_core.starts.request import StartError, StartRequest, checked_n_init

__all__ = [
    "STARTS",
    "Start",
    "StartError",
    "StartRequest",
    "checked_n_init",
    "find_start",
    "initialize",
    "starts",
]
