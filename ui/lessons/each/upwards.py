"""EM never goes down."""

import numpy as np

from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    curve = np.array([state.log_likelihood for state in run_of(before).states])
    gains = np.diff(curve)
    return {
        "steps": len(gains),
        "first": float(gains[0]),
        "last": float(gains[-1]),
        "least": float(gains.min()),
        "answer": "never" if gains.min() >= 0 else "sometimes",
    }


LESSON = Lesson(
    name="upwards",
    preset={},
    prediction=Choice(("never", "sometimes", "often"), of="answer"),
    facts=_facts,
    secrets=("curve",),
    cards=("curve", "steps"),
    claim=lambda facts: float(facts["least"]) >= 0,
)
