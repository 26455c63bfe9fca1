"""How big the ellipse is: two standard deviations hold 86.5 per cent of a Gaussian in the plane."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome, run_of

LEVEL = 2.0


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture, points = run_of(before).mixture, before.data.points
    shares = gmm_core.responsibilities(points, mixture)
    inside = gmm_core.coverage(points, mixture, shares, LEVEL)
    held = 100 * float(np.average(inside, weights=shares.sum(axis=0)))
    return {"held": held, "gaussian": 100 * float(1 - np.exp(-(LEVEL**2) / 2))}


LESSON = Lesson(
    name="ellipse",
    preset={"at": END, "level": "2"},
    prediction=Number(0, 100, 1, of="held", near=5),
    facts=_facts,
    tools=("level",),
    cards=("parameters",),
    secrets=("coverage",),
    claim=lambda facts: abs(float(facts["held"]) - float(facts["gaussian"])) < 4,
)
