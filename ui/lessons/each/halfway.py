"""Halfway between two means is not half of each: the wider component reaches farther."""

import numpy as np
from scipy.optimize import brentq

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Outcome, Place, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture = run_of(before).mixture
    wide = int(mixture.covariances[:, 0, 0].argmax())
    low, high = sorted(mixture.means[:, 0].tolist())

    def share(place: float) -> float:
        return float(gmm_core.responsibilities(np.array([[place]]), mixture)[0, wide])

    middle = (low + high) / 2
    even = float(brentq(lambda place: share(place) - 0.5, low, high))
    return {"middle": middle, "share": 100 * share(middle), "even": even, "there": 100 * share(even)}


LESSON = Lesson(
    name="halfway",
    preset={"data": "old_faithful", "y": "none", "k": "2", "at": END},
    prediction=Place(("even",), near=0.2),
    facts=_facts,
    cards=("ask",),
    claim=lambda facts: (
        float(facts["share"]) > 90
        and abs(float(facts["there"]) - 50) < 0.01
        and float(facts["middle"]) - float(facts["even"]) > 0.2
    ),
)
