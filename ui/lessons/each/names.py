"""The numbers of the components mean nothing: from another start the same fit comes out in another order."""

import numpy as np

from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, log_likelihood, run_of

ALIKE = 0.001
"""Nats by which two runs to the same top may differ: each stops a little below it."""


def _facts(before: Outcome, after: Outcome) -> Facts:
    first, second = (run_of(each).mixture.means for each in (before, after))
    partners = np.linalg.norm(first[:, None] - second, axis=2).argmin(axis=1)
    gap = log_likelihood(after) - log_likelihood(before)
    return {
        "first": log_likelihood(before),
        "second": log_likelihood(after),
        "gap": abs(gap),
        "renamed": int((partners != np.arange(len(partners))).sum()),
        "all": len(partners),
        "now": int(partners[0]) + 1,
        "answer": "same" if abs(gap) < ALIKE else "higher" if gap > 0 else "lower",
    }


LESSON = Lesson(
    name="names",
    preset={"data": "blobs", "at": END},
    change={"start_seed": "2"},
    prediction=Choice(("same", "lower", "higher"), of="answer"),
    facts=_facts,
    cards=("curve",),
    claim=lambda facts: float(facts["gap"]) < ALIKE and float(facts["renamed"]) > 0,
)
