"""A component may close in on a few points; a little regularisation stops it."""

import numpy as np

from gmm_core import StopReason
from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, log_likelihood, run_of


def _facts(before: Outcome, after: Outcome) -> Facts:
    collapsed = run_of(before).stop_reason is StopReason.COMPONENT_COLLAPSED
    thinnest = float(np.linalg.eigvalsh(run_of(after).mixture.covariances).min())
    return {
        "steps": len(run_of(before).states) - 1,
        "after": log_likelihood(after),
        "width": thinnest**0.5,
        "answer": "collapses" if collapsed else "rests",
        "cured": float(run_of(after).stop_reason is StopReason.CONVERGED),
    }


LESSON = Lesson(
    name="collapse",
    preset={"data": "blobs", "n": "40", "k": "5", "family": "full", "start_seed": "3"},
    change={"reg": "0.001"},
    prediction=Choice(("rests", "collapses", "runs"), of="answer"),
    facts=_facts,
    cards=("curve", "parameters"),
    secrets=("curve",),
    claim=lambda facts: facts["answer"] == "collapses" and facts["cured"] == 1.0,
)
