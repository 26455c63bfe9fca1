"""K-Means in the same shape as EM: assign, then move the centres."""

from gmm_core.kmeans.lloyd import (
    KMeans,
    KMeansRun,
    KMeansState,
    KMeansStop,
    assign,
    iterate,
    resume,
    run,
    start,
    step,
)

__all__ = [
    "KMeans",
    "KMeansRun",
    "KMeansState",
    "KMeansStop",
    "assign",
    "iterate",
    "resume",
    "run",
    "start",
    "step",
]
