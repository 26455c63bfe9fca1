"""The M-step puts each mean at the mean of all points, each counted by its share."""

import numpy as np

import gmm_core
from ui.lessons.lesson import Facts, Lesson, Outcome, Place, run_of

COMPONENT = 1
"""The second, as people count."""


def _facts(before: Outcome, _: Outcome) -> Facts:
    first, second = (state.mixture for state in run_of(before).states[:2])
    points = before.data.points
    shares = gmm_core.responsibilities(points, first)[:, COMPONENT]
    weighted = np.average(points, axis=0, weights=shares)
    old, new = first.means[COMPONENT], second.means[COMPONENT]
    return {
        "x": float(new[0]),
        "y": float(new[1]),
        "moved": float(np.linalg.norm(new - old)),
        "gap": float(np.linalg.norm(new - weighted)),
    }


LESSON = Lesson(
    name="where_next",
    preset={"at": "1"},
    prediction=Place(("x", "y"), near=0.6),
    facts=_facts,
    secrets=("steps",),
    claim=lambda facts: float(facts["gap"]) < 1e-9 and float(facts["moved"]) > 0.3,
    at=2,
)
