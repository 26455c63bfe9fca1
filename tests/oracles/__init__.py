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
