"""EM on a cluster: the points stay on the workers, and only expected sufficient statistics travel.

`python -m examples.dask_cluster` starts two workers on this machine. `gmm_core.e_step` itself runs on them,
as it runs anywhere else; what it returns adds up, and the M-step needs nothing more.
"""

# Dask says of what it returns that it might be a coroutine, whoever asks.
# pyright: reportArgumentType=false

from functools import reduce
from operator import add
from typing import Any

import numpy as np
from dask.distributed import Client, LocalCluster

import gmm_core


def fit(client: Client, parts: list[Any], mixture: gmm_core.Mixture, *, tolerance: float) -> gmm_core.Mixture:
    """EM over `parts`, the futures of arrays (n, D), until a step gains at most `tolerance` nats a point."""
    before = -np.inf
    while True:
        futures = client.map(gmm_core.e_step, parts, mixture=mixture, pure=False)
        # In the order of the parts, whoever was first, so that every run is the same.
        whole = reduce(add, client.gather(futures))
        if whole.log_likelihood - before <= tolerance * whole.moments.total:
            return mixture
        before, mixture = whole.log_likelihood, gmm_core.m_step(whole.moments)


def main(n_points: int = 200_000, tolerance: float = 1e-9) -> tuple[gmm_core.Mixture, gmm_core.Mixture]:
    """The mixture that two workers find together, and the one that this process finds alone."""
    rng = np.random.default_rng(1)
    points = gmm_core.generate("elongated", n_points=n_points, rng=rng).points
    begin = gmm_core.initialize(points[:1000], 3, rng=rng)
    with (
        # Any port that is free: without an address it is the usual one, and somebody may be there already.
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        # In earnest every worker would read its own: client.map(numpy.load, names_of_files).
        parts = client.scatter(np.array_split(points, 8))
        together = fit(client, parts, begin, tolerance=tolerance)
    return together, gmm_core.run(points, begin, tolerance=tolerance, max_steps=1000).mixture


if __name__ == "__main__":
    together, alone = main()
    print(together.means)
    print("largest difference from one machine:", np.abs(together.covariances - alone.covariances).max())
