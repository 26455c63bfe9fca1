"""A point far from everything can be certain of its component: membership is not typicality."""

import numpy as np

import gmm_core
from ui.lessons.lesson import Facts, Lesson, Number, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture, place = run_of(before).mixture, before.data.points[-1:]
    share = 100 * float(gmm_core.responsibilities(place, mixture).max())
    rarer = 100 * float(gmm_core.density_percentiles(place, mixture)[0])
    nearest = float(np.linalg.norm(mixture.means - place, axis=1).min())
    return {
        "x": float(place[0, 0]),
        "y": float(place[0, 1]),
        "share": share,
        "rarer": rarer,
        "nearest": nearest,
    }


LESSON = Lesson(
    name="far_away",
    preset={"data": "blobs", "add": "9,-4"},
    prediction=Number(0, 100, 5, of="share", near=10),
    facts=_facts,
    cards=("ask",),
    claim=lambda facts: float(facts["share"]) > 99 and float(facts["rarer"]) < 0.1,
)
