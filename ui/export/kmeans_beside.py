"""What K-Means found beside the mixture, for the table and the report."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core import kmeans
from gmm_core.points import Array
from ui.data.dimensions import axis_letters
from ui.export.agreement import Agreement, accuracy_in_words, agreement_of, index_in_words
from ui.export.agreement_table import agreement_table
from ui.export.figure import clusters_figure
from ui.export.html import facts, numbers_table
from ui.export.numbers import in_units, percent, significant, with_powers
from ui.export.outcome import Outcome
from ui.export.units_table import own_centres


@dataclass(frozen=True, eq=False)
class Beside:
    """K-Means from the centres that a mixture's run began with, its clusters numbered as on the screen: each
    stands opposite the component of its number."""

    outcome: Outcome
    """The mixture's."""
    run: kmeans.KMeansRun
    order: NDArray[np.int64]
    """(K,): for each component, its cluster among those of the run."""
    max_steps: int
    """The step limit of K-Means."""

    @property
    def centres(self) -> Array:
        """(K, D), where K-Means ended."""
        return self.run.centres[self.order]

    @cached_property
    def clusters(self) -> NDArray[np.int64]:
        """(N,): whose each point is in the end, counted from 0."""
        return kmeans.assign(self.outcome.points, self.centres)

    @property
    def columns(self) -> dict[str, Any]:
        """What the table says of every point."""
        return {"K-Means cluster": self.clusters + 1}


def kmeans_section(beside: Beside, glyphs: str = "auto") -> str:
    """HTML of what K-Means found, and of how far the two agree; `glyphs` as in `clusters_figure`."""
    points, counts, radii = beside.outcome.points, _counts(beside), _radii(beside)
    columns = beside.outcome.columns
    figure = clusters_figure(points, beside.clusters, beside.centres, radii, columns, glyphs)
    caption = "The same points under K-Means: each wears the colour of its nearest centre. The circle of a "
    caption += "centre has the typical distance of its points (the root of the mean square) as its radius."
    return (
        '<div class="two">'
        f"<figure>{figure}<figcaption>{caption}</figcaption></figure>"
        f"<section><h2>K-Means from the same centres</h2>{facts(_found(beside))}</section></div>"
        f'<section class="wide"><h2>Centres of K-Means</h2>{_centres(beside, counts, radii)}</section>'
        f"{own_centres(beside.outcome, beside.centres)}{_shared(beside)}"
    )


def _found(beside: Beside) -> dict[str, str]:
    run, n_points = beside.run, len(beside.clusters)
    apart = int((beside.clusters != beside.outcome.groups).sum())
    inertia = significant(run.inertia, 6)
    found = {
        "inertia": f"{inertia}, the squared distances of all points to their centres, summed",
        "at the start": significant(run.states[0].inertia, 6),
        "steps": f"{run.states[-1].iteration:,}",
        "end": with_powers(run.explanation),
        "the two differ": f"on {apart:,} of {n_points:,} points ({percent(apart / n_points)})",
    }
    agreement = _agreement(beside)
    if agreement is not None:
        found["adjusted Rand index"] = index_in_words(agreement)
        found["accuracy"] = accuracy_in_words(agreement, "cluster")
    return found


def _agreement(beside: Beside) -> Agreement | None:
    labels = beside.outcome.labels
    return None if labels is None else agreement_of(labels, beside.clusters, len(beside.centres))


def _shared(beside: Beside) -> str:
    agreement = _agreement(beside)
    if agreement is None:
        return ""
    table = agreement_table(agreement, "cluster")
    return f'<section class="wide"><h2>Points of each label, by their cluster</h2>{table}</section>'


def _counts(beside: Beside) -> NDArray[np.int64]:
    return np.bincount(beside.clusters, minlength=len(beside.centres))


def _radii(beside: Beside) -> Array:
    """(K,): the root of the mean square distance of a cluster's points from its centre; 0 without points."""
    squares = ((beside.outcome.points - beside.centres[beside.clusters]) ** 2).sum(axis=1)
    sums = np.bincount(beside.clusters, squares, minlength=len(beside.centres))
    return np.sqrt(sums / np.maximum(_counts(beside), 1))


def _centres(beside: Beside, counts: NDArray[np.int64], radii: Array) -> str:
    spans, letters = np.ptp(beside.outcome.points, axis=0), axis_letters(beside.outcome.n_dimensions)
    headings = ["holds", *(f"centre {letter}" for letter in letters)]
    rows = [
        [
            f"{counts[k]:,}",
            *(in_units(value, span) for value, span in zip(centre, spans, strict=True)),
            significant(radii[k]),
            significant(counts[k] * radii[k] ** 2),
        ]
        for k, centre in enumerate(beside.centres)
    ]
    return numbers_table([*headings, "typical distance", "part of the inertia"], rows)
