"""Points, and what a script has to know of them."""

from typing import Protocol

import numpy as np

import gmm_core
from ui.data.units import Units
from ui.data.yes_no import YesNo


class Brought(Protocol):
    """What the scripts' points.csv is written from, and read with."""

    @property
    def points(self) -> np.ndarray:
        """(N, D)."""
        ...

    @property
    def own_points(self) -> np.ndarray | None:
        """(N, D): the columns' own numbers, where there are units."""
        ...

    @property
    def units(self) -> Units | None:
        """Of the columns, where the points are not their own numbers."""
        ...

    @property
    def yes_no(self) -> YesNo | None:
        """The column of two values that was fitted beside the numbers."""
        ...

    @property
    def variant(self) -> gmm_core.Variant:
        """With the weights of the points, where they have any."""
        ...

    @property
    def n_dimensions(self) -> int:
        """D."""
        ...
