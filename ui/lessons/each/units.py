"""A log-likelihood may be positive: other units move it by a number that is known beforehand."""

import numpy as np

import gmm_core
from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, log_likelihood, run_of

STRETCH = 0.01


def _facts(before: Outcome, after: Outcome) -> Facts:
    shares = [gmm_core.responsibilities(each.data.points, run_of(each).mixture) for each in (before, after)]
    return {
        "before": log_likelihood(before),
        "after": log_likelihood(after),
        "shift": log_likelihood(after) - log_likelihood(before),
        "known": -len(before.data.points) * float(np.log(STRETCH)),
        "moved": float(abs(shares[1] - shares[0]).max()),
        "answer": "number",
    }


LESSON = Lesson(
    name="units",
    preset={"at": "60"},
    change={"stretch_y": f"{STRETCH:g}"},
    prediction=Choice(("number", "shares", "both"), of="answer"),
    facts=_facts,
    claim=lambda facts: (
        abs(float(facts["shift"]) - float(facts["known"])) < 1e-3
        and float(facts["moved"]) < 1e-6
        and float(facts["after"]) > 0
    ),
)
