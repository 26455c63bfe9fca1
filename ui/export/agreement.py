"""How the groups of a fit agree with labels that the data brought: an index, and who shares whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import gmm_core
from ui.export.html import numbers_table, shortened

_MOST_LETTERS = 60


@dataclass(frozen=True, eq=False)
class Labels:
    """What the data call each of N points."""

    codes: NDArray[np.integer]
    """(N,) indices into `names`, negative for none of them."""
    names: tuple[str, ...]
    """What people call the labels."""
    rest: str = ""
    """What the points with a negative code are called, if they are a group of their own; empty where nobody
    knows what they are, so that nothing can agree with it."""

    @property
    def counted(self) -> NDArray[np.bool_]:
        """(N,): the points that the index is about."""
        return np.ones(len(self.codes), dtype=bool) if self.rest else self.codes >= 0

    def index(self, groups: NDArray[np.integer]) -> float | None:
        """The adjusted Rand index of groups (N,) with the labels, or None where no point has any."""
        counted = self.counted
        return gmm_core.adjusted_rand_index(groups[counted], self.codes[counted]) if counted.any() else None


def agreement_in_words(labels: Labels, groups: NDArray[np.integer]) -> str:
    """The index, what it means, and of how many points; groups (N,)."""
    index = labels.index(groups)
    if index is None:
        return "no point has a label"
    counted = int(labels.counted.sum())
    said = f"{index:.3f}".replace("-", "−") + ": 1 for the labels' own groups, 0 for no more than chance"
    return said if counted == len(groups) else f"{said}; of the {counted:,} points that have a label"


def shared_table(labels: Labels, groups: NDArray[np.integer], n_groups: int, what: str) -> str:
    """An HTML table of how many points each group, from 0 to n_groups - 1, has of each label.

    `what` the groups are called, such as "component"; the group n_groups, if there is any, is the noise.
    """
    names = [*labels.names, labels.rest or "no label"]
    columns = np.where(labels.codes < 0, len(names) - 1, labels.codes)
    n_rows = n_groups + bool((groups == n_groups).any())
    counts = np.zeros((n_rows, len(names)), dtype=np.int64)
    np.add.at(counts, (groups, columns), 1)
    shown = [j for j in range(len(names)) if j < len(labels.names) or counts[:, j].any()]
    headings = [*(shortened(names[j], _MOST_LETTERS) for j in shown), "all"]
    rows = [[f"{count:,}" for count in (*row, sum(row))] for row in counts[:, shown].tolist()]
    noise = ["noise", *rows.pop()] if n_rows > n_groups else []
    return numbers_table(headings, rows, corner=what, last=noise)
