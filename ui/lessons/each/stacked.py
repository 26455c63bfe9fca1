"""On a line first: weighted curves, stacked; a share is the proportion of the heights."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture = run_of(before).mixture
    lightest = int(mixture.weights.argmin())
    place = mixture.means[[lightest]]
    k = [lightest]
    alone = gmm_core.Mixture(np.ones(1), mixture.means[k], mixture.covariances[k])
    own = float(mixture.weights[lightest] * np.exp(gmm_core.log_density(place, alone)[0]))
    total = float(np.exp(gmm_core.log_density(place, mixture)[0]))
    share = float(gmm_core.responsibilities(place, mixture)[0, lightest])
    return {"place": float(place[0, 0]), "own": own, "sum": total, "share": 100 * share}


LESSON = Lesson(
    name="stacked",
    preset={"y": "none", "k": "2", "at": END},
    prediction=Number(0, 100, 5, of="share", near=10),
    facts=_facts,
    tools=("behind",),
    claim=lambda facts: abs(float(facts["own"]) / float(facts["sum"]) - float(facts["share"]) / 100) < 1e-9,
)
