"""Different kinds in one mixture: a Gaussian times a Bernoulli tells apart what lies in one place."""

import gmm_core
from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, after: Outcome) -> Facts:
    assert before.data.labels is not None, "made points know where they come from"
    found = [gmm_core.predict(each.data.fitted, run_of(each).mixture) for each in (before, after)]
    right = [100 * gmm_core.matched_accuracy(before.data.labels, groups) for groups in found]
    return {"without": right[0], "with": right[1], "answer": "better" if right[1] > right[0] + 5 else "same"}


LESSON = Lesson(
    name="yes_no",
    preset={"data": "answers", "yes": "", "at": END},
    change={"yes": "answer"},
    prediction=Choice(("same", "better", "worse"), of="answer"),
    facts=_facts,
    cards=("parameters", "ask"),
    tools=("pies",),
    claim=lambda facts: facts["answer"] == "better",
)
