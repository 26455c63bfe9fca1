"""A mixture can come close to any shape, and learn points by heart."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome

FEW, SOME, MANY = 2, 10, 30


def _facts(before: Outcome, _: Outcome) -> Facts:
    points = before.data.points
    unseen = gmm_core.generate("moons", n_points=2_000, rng=np.random.default_rng(1)).points
    fits = {fit.n_components: fit.mixture for fit in gmm_core.sweep(points, (FEW, SOME, MANY), "full")}
    seen = {k: float(gmm_core.log_density(points, mixture).mean()) for k, mixture in fits.items()}
    other = {k: float(gmm_core.log_density(unseen, mixture).mean()) for k, mixture in fits.items()}
    best = max(other, key=lambda k: other[k])
    return {
        "seen_some": seen[SOME],
        "seen_many": seen[MANY],
        "unseen_some": other[SOME],
        "unseen_many": other[MANY],
        "answer": {FEW: "few", SOME: "some", MANY: "many"}[best],
    }


LESSON = Lesson(
    name="any_shape",
    preset={"data": "moons", "n": "300", "k": "10", "behind": "contours", "at": END},
    prediction=Choice(("few", "some", "many"), of="answer"),
    facts=_facts,
    cards=(),
    tools=("behind", "drawn"),
    claim=lambda facts: facts["answer"] == "some" and float(facts["seen_many"]) > float(facts["seen_some"]),
)
