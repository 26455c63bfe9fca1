"""How the groups of a fit agree with labels that the data brought: numbers, and what they mean in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import gmm_core
from ui.export.html import shortened
from ui.export.numbers import percent

MOST_LETTERS = 60
"""Of a label's name."""

MOST_NAMED = 5
"""Labels or components that a sentence lists."""

NO_TRUTH = (
    "Labels are not the truth about clusters: points of one label may lie in several groups, and several "
    "labels in one. The fit has not seen them, and this agreement was not used for the choice of a model."
)


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

    def accuracy(self, groups: NDArray[np.integer], n_groups: int) -> float | None:
        """The share of the counted points that have their own label when every group, from 0 to n_groups - 1,
        is named after the label it matches best; None where no point is counted.

        No group is named after the rest, which is no label, and the noise after nothing else.
        """
        n_counted = int(self.counted.sum())
        if not n_counted:
            return None
        named = (self.codes >= 0) & (groups < n_groups)
        n_right = 0.0
        if named.any():
            n_right = gmm_core.matched_accuracy(self.codes[named], groups[named]) * int(named.sum())
        if self.rest:
            n_right += int(((self.codes < 0) & (groups == n_groups)).sum())
        return n_right / n_counted


@dataclass(frozen=True, eq=False)
class Agreement:
    """How K groups, and the noise, agree with L labels."""

    names: tuple[str, ...]
    """L: what the labels are called."""
    rest: str
    """See `Labels`."""
    counts: NDArray[np.int64]
    """(K + 1, L + 1): points of each label in each group; the last row is the noise, the last column the
    points with none of the labels."""
    index: float | None
    """The adjusted Rand index; None where no point has a label."""
    accuracy: float | None
    """See `Labels.accuracy`."""
    paired: NDArray[np.int64]
    """(K,): the label that each group is named after, -1 for none."""

    @property
    def n_groups(self) -> int:
        """K."""
        return len(self.paired)

    @property
    def n_unlabelled(self) -> int:
        """Points with none of the labels."""
        return int(self.counts[:, -1].sum())

    @property
    def n_counted(self) -> int:
        """Points that index and accuracy are about."""
        return int(self.counts.sum()) - (0 if self.rest else self.n_unlabelled)

    @property
    def has_noise(self) -> bool:
        """Whether any point is in no group."""
        return bool(self.counts[-1].any())

    @property
    def order(self) -> list[int]:
        """The K groups: those named after a label in the order of the labels, then the others."""
        n_labels = len(self.names)
        return sorted(range(self.n_groups), key=lambda k: (self.paired[k] % (n_labels + 1), k))


def agreement_of(labels: Labels, groups: NDArray[np.integer], n_groups: int) -> Agreement:
    """How groups (N,), from 0 to n_groups - 1, agree with the labels; the group n_groups is the noise."""
    n_columns = len(labels.names) + 1
    columns = np.where(labels.codes < 0, n_columns - 1, labels.codes)
    cells = np.bincount(groups * n_columns + columns, minlength=(n_groups + 1) * n_columns)
    counts = cells.reshape(n_groups + 1, n_columns).astype(np.int64)
    paired = np.full(n_groups, -1, dtype=np.int64)
    if labels.names:
        paired = gmm_core.match(counts[:-1, :-1])
    # Whoever shares nothing with the only label that is left is named after none.
    lonely = [k for k in range(n_groups) if paired[k] >= 0 and counts[k, paired[k]] == 0]
    paired[lonely] = -1
    index, accuracy = labels.index(groups), labels.accuracy(groups, n_groups)
    return Agreement(labels.names, labels.rest, counts, index, accuracy, paired)


def index_in_words(found: Agreement) -> str:
    """The adjusted Rand index, what it means, and of how many points."""
    if found.index is None:
        return "no point has a label"
    said = f"{found.index:.3f}".replace("-", "−")
    return _of_how_many(f"{said}: 1 for the labels' own groups, 0 for no more than chance", found)


def accuracy_in_words(found: Agreement, what: str = "component") -> str:
    """The accuracy after matching, what it means, and of how many points; `what` the groups are called."""
    if found.accuracy is None:
        return "no point has a label"
    share = percent(found.accuracy)
    return _of_how_many(
        f"with each {what} named after the label it matches best, {share} of the points have their own label",
        found,
    )


def _of_how_many(said: str, found: Agreement) -> str:
    return (
        said
        if found.rest or not found.n_unlabelled
        else (f"{said}; of the {found.n_counted:,} points that have a label")
    )


def said_of_gaps(found: Agreement, what: str = "component", numbers: Sequence[int] = ()) -> list[str]:
    """What has no partner on the other side, and what has no label, a sentence each. Groups are called by
    `numbers` (K,), by default from 1 on."""
    numbers = numbers or range(1, found.n_groups + 1)
    nameless = [str(n) for n in sorted(numbers[k] for k in range(found.n_groups) if found.paired[k] < 0)]
    missed = [
        f"“{shortened(name, MOST_LETTERS)}”" for j, name in enumerate(found.names) if j not in found.paired
    ]
    n_labels, said = len(found.names), []
    if nameless and n_labels:
        whose = f"{what} {nameless[0]} is" if len(nameless) == 1 else f"{what}s {_listed(nameless)} are"
        said.append(f"{whose} named after no label, and no point there counts as right")
    if missed:
        said.append(f"no {what} is named after {_listed(missed, 'or')}")
    if said:
        labels = "1 label" if n_labels == 1 else f"{n_labels} labels"
        groups = f"1 {what}" if found.n_groups == 1 else f"{found.n_groups} {what}s"
        are = "is" if found.n_groups == 1 else "are"
        there = f"There {are} {groups} and {labels}: " if n_labels != found.n_groups else ""
        sentence = there + ", and ".join(said)
        said = [sentence[0].upper() + sentence[1:] + "."]
    if found.n_unlabelled:
        said.append(_without(found))
    return said


def _without(found: Agreement) -> str:
    points = "1 point has" if found.n_unlabelled == 1 else f"{found.n_unlabelled:,} points have"
    if found.rest:
        right = "only the noise can be right there" if found.has_noise else "only noise could be right there"
        return f"{points} no label but {shortened(found.rest, MOST_LETTERS)}: {right}."
    are = "is" if found.n_unlabelled == 1 else "are"
    return f"{points} no label and {are} left out of both numbers."


def _listed(names: Sequence[str], joined: str = "and") -> str:
    shown, n_more = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if n_more > 0:
        shown.append("1 other" if n_more == 1 else f"{n_more} others")
        joined = "and"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joined} {shown[-1]}"
