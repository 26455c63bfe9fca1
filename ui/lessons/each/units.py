"""A log-likelihood may be positive: other units move it by a number that is known beforehand."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, log_likelihood, run_of

STRETCH = 0.01


def _facts(before: Outcome, after: Outcome) -> Facts:
    exact = -len(before.data.points) * float(np.log(STRETCH))
    shares = [gmm_core.responsibilities(each.data.points, run_of(each).mixture) for each in (before, after)]
    moved = float(abs(shares[1] - shares[0]).max())
    shift = log_likelihood(after) - log_likelihood(before)
    changed = ["number"] * (abs(shift) > 1e-3) + ["shares"] * (moved > 1e-6)
    return {
        "before": log_likelihood(before),
        "after": log_likelihood(after),
        "shift": shift,
        "known": exact,
        "moved": moved,
        "answer": changed[0] if len(changed) == 1 else "both",
    }


LESSON = Lesson(
    name="units",
    preset={"at": END},
    change={"stretch_y": f"{STRETCH:g}"},
    prediction=Choice(("number", "shares", "both"), of="answer"),
    facts=_facts,
    cards=("curve", "ask"),
    claim=lambda facts: (
        abs(float(facts["shift"]) - float(facts["known"])) < 1e-3
        and float(facts["moved"]) < 1e-6
        and float(facts["after"]) > 0
    ),
)
