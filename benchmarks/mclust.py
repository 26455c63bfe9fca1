"""The sweep beside R's mclust: every cell of six of its data sets, and the time that all of them take.

The log-likelihoods are those of mclustBIC with its defaults; tests/oracles/SOURCES.md says more.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import gmm_core
from benchmarks.measure import Table

SETS = Path(__file__).parents[1] / "tests" / "oracles" / "mclust_sets"

# Nats below mclust's log-likelihood at which a fit counts as worse.
WORSE = 1e-3


def cells(path: Path) -> tuple[float, dict[tuple[str, int], float]]:
    """The seconds that mclust took, and its log-likelihoods by letters and K; those of VVE, which it does not
    maximise, are left out."""
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    known = {
        (_letters(letters), int(k)): float(value)
        for letters, k, value in rows
        if value != "NA" and letters != "VVE"
    }
    return float(first.split(",")[1]), known


def _letters(name: str) -> str:
    """In one dimension mclust has E and V alone."""
    return {"E": "EII", "V": "VII"}.get(name, name)


def lost(
    fits: tuple[gmm_core.Fit, ...], known: dict[tuple[str, int], float]
) -> Iterator[tuple[str, int, float]]:
    """The cells in which a sweep has nothing, or less than mclust: letters, K, nats missing."""
    found = {(gmm_core.FAMILIES[fit.family].letters, fit.n_components): fit.log_likelihood for fit in fits}
    for (letters, k), value in known.items():
        missing = value - found.get((letters, k), -np.inf)
        if missing > WORSE:
            yield letters, k, missing


def main() -> None:
    """Prints a line for each data set, and one for each cell in which mclust is ahead."""
    table = Table(
        "Six data sets, K = 1 to 9: seconds of processor time, and cells with less than mclust has",
        *("data", "N x D", "sweep", "mclust, its own machine", "cells", "equal volume", "variable volume"),
    )
    behind: list[str] = []
    total = 0.0
    for path in sorted(SETS.glob("*.bic")):
        points = np.loadtxt(path.with_suffix(".csv"), delimiter=",", ndmin=2)
        seconds, known = cells(path)
        possible = {gmm_core.FAMILIES[fit.family].letters for fit in gmm_core.sweep(points, 1)}
        known = {cell: value for cell, value in known.items() if cell[0] in possible}
        began = time.process_time()
        fits = gmm_core.sweep(points, range(1, 10), sorted({letters for letters, _ in known}))
        ours = time.process_time() - began
        total += ours
        worse = list(lost(fits, known))
        equal = sum(letters[0] == "E" for letters, _, _ in worse)
        name, size = path.stem, f"{len(points)} x {points.shape[1]}"
        table.row(name, size, f"{ours:.2f} s", f"{seconds:.2f} s", len(known), equal, len(worse) - equal)
        behind += [f"{name} {letters} K = {k}: {missing:.3f} nats" for letters, k, missing in worse]
    print(f"\nTogether {total:.2f} s. Cells with less than mclust has:")
    print("\n".join(behind) or "none")


if __name__ == "__main__":
    main()
