"""On a line first: weighted curves, stacked; a share is the proportion of the heights."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome, run_of

SECOND = 1
"""The component that is asked about."""


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture = run_of(before).mixture
    k = [SECOND]
    place = mixture.means[k]
    alone = gmm_core.Mixture(np.ones(1), mixture.means[k], mixture.covariances[k])
    own = float(mixture.weights[SECOND] * np.exp(gmm_core.log_density(place, alone)[0]))
    total = float(np.exp(gmm_core.log_density(place, mixture)[0]))
    share = float(gmm_core.responsibilities(place, mixture)[0, SECOND])
    return {"place": float(place[0, 0]), "own": own, "sum": total, "share": 100 * share}


LESSON = Lesson(
    name="stacked",
    preset={"y": "none", "k": "2", "at": END},
    prediction=Number(0, 100, 5, of="share", near=10),
    facts=_facts,
    cards=("ask",),
    claim=lambda facts: abs(float(facts["own"]) / float(facts["sum"]) - float(facts["share"]) / 100) < 1e-9,
)
