"""What K-Means and an E-step hold beside the points, as those grow: the same, if all is well."""

from functools import partial

import numpy as np

import gmm_core
from benchmarks.measure import Table, traced
from gmm_core import kmeans

POINTS = (10_000, 20_000, 40_000, 80_000)
# dimensions and components
SIZES = ((2, 5), (20, 20), (50, 50))


def main() -> None:
    """Prints one line a size."""
    rng = np.random.default_rng(0)
    table = Table(
        "MiB beside the points: K-Means / an E-step / one in which digits would be lost",
        *("D", "K", *(f"{n_points:,} points" for n_points in POINTS), "target"),
    )
    for n_dimensions, n_components in SIZES:
        points = rng.standard_normal((max(POINTS), n_dimensions))
        covariances = np.repeat(np.eye(n_dimensions)[None], n_components, axis=0)
        weights, means = np.full(n_components, 1 / n_components), points[:n_components]
        near, far = (gmm_core.Mixture(weights, place, covariances) for place in (means, 1e4 * means))
        cells = []
        for n_points in POINTS:
            some = points[:n_points]
            works = [partial(kmeans.start, some, means)]
            works += [partial(gmm_core.e_step, some, mixture) for mixture in (near, far)]
            cells.append(" / ".join(f"{traced(work):.0f}" for work in works))
        table.row(n_dimensions, n_components, *cells, "< 64")
