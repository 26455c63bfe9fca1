"""Halfway between two means is not half of each: the wider component reaches farther."""

import gmm_core
from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture = run_of(before).mixture
    wide = int(mixture.covariances[:, 0, 0].argmax())
    middle = mixture.means.mean(axis=0, keepdims=True)
    share = 100 * float(gmm_core.responsibilities(middle, mixture)[0, wide])
    return {"place": float(middle[0, 0]), "share": share, "answer": "wide" if share > 55 else "half"}


LESSON = Lesson(
    name="halfway",
    preset={"data": "old_faithful", "y": "none", "k": "2", "at": END},
    prediction=Choice(("half", "wide", "narrow"), of="answer"),
    facts=_facts,
    claim=lambda facts: float(facts["share"]) > 90,
)
