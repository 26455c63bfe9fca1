"""A point far from everything can be certain of its component: membership is not typicality."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome, run_of

FAR = 10.0
"""Times as far from the middle of all means as the outermost of them."""


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture = run_of(before).mixture
    middle = mixture.means.mean(axis=0)
    outermost = mixture.means[np.linalg.norm(mixture.means - middle, axis=1).argmax()]
    place = (middle + FAR * (outermost - middle))[None]
    share = 100 * float(gmm_core.responsibilities(place, mixture).max())
    rarer = 100 * float(gmm_core.density_percentiles(place, mixture)[0])
    return {"x": float(place[0, 0]), "y": float(place[0, 1]), "share": share, "rarer": rarer}


LESSON = Lesson(
    name="far_away",
    preset={"data": "blobs", "at": END},
    prediction=Number(0, 100, 5, of="share", near=10),
    facts=_facts,
    tools=("behind",),
    claim=lambda facts: float(facts["share"]) > 99 and float(facts["rarer"]) < 0.1,
)
