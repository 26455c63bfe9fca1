"""Reads the reference numbers that lie beside this file; SOURCES.md says where they come from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "gmm_core" / "datasets" / "data"


def trajectories(name: str) -> list[dict[str, Any]]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def table(name: str) -> NDArray[np.float64]:
    return np.loadtxt(HERE / f"{name}.csv", delimiter=",", skiprows=1)


def old_faithful() -> NDArray[np.float64]:
    return np.loadtxt(DATA / "old_faithful.csv", delimiter=",", skiprows=1)


def mclust_set(name: str) -> tuple[NDArray[np.float64], dict[tuple[str, int], float]]:
    """A data set, and mclust's log-likelihoods by the letters of the family and K; VVE, which it does not
    maximise, is left out. In one dimension E and V are called EII and VII."""
    points = np.loadtxt(HERE / "mclust_sets" / f"{name}.csv", delimiter=",", ndmin=2)
    lines = (HERE / "mclust_sets" / f"{name}.bic").read_text(encoding="utf-8").splitlines()
    known: dict[tuple[str, int], float] = {}
    for line in lines[1:]:
        letters, k, value = line.split(",")
        if value != "NA" and letters != "VVE":
            known[{"E": "EII", "V": "VII"}.get(letters, letters), int(k)] = float(value)
    return points, known
