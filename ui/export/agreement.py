"""How the groups of a fit agree with labels that the data brought: an index, and who shares whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

import gmm_core
from ui.export.figure import colour_of


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
    cells = "".join(f'<th scope="col">{escape(_cut(names[j]))}</th>' for j in shown)
    rows = "".join(_row(k, counts[k, shown].tolist(), n_groups) for k in range(n_rows))
    return (
        f'<table class="parameters"><thead><tr><th scope="col">{what}</th>{cells}'
        f'<th scope="col">all</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(k: int, counts: Sequence[int], n_groups: int) -> str:
    chip = f'<span class="chip" style="background:{colour_of(k)}">{k + 1}</span>' if k < n_groups else "noise"
    cells = "".join(f"<td>{count:,}</td>" for count in [*counts, sum(counts)])
    return f'<tr><th scope="row">{chip}</th>{cells}</tr>'


def _cut(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"
