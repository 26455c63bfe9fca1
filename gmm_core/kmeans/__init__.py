"""K-Means in the same shape as EM: assign, then move the centres."""

from gmm_core.kmeans.kmeans import (
    KMeansRun,
    KMeansState,
    KMeansStop,
    assign,
    iterate,
    run,
    start,
    step,
)

__all__ = [
    "KMeansRun",
    "KMeansState",
    "KMeansStop",
    "assign",
    "iterate",
    "run",
    "start",
    "step",
]
