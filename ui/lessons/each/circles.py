"""K-Means draws circles, and cuts long clusters; ellipses follow them."""

import gmm_core
from gmm_core import kmeans
from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    data = before.data
    assert data.labels is not None, "made points know where they come from"
    assert before.comparison is not None, "the preset has K-Means beside it"
    soft = gmm_core.predict(data.points, run_of(before).mixture)
    hard = kmeans.assign(data.points, before.comparison.run.states[-1].centres)
    right = [100 * gmm_core.matched_accuracy(data.labels, groups) for groups in (soft, hard)]
    return {
        "ellipses": right[0],
        "circles": right[1],
        "answer": "ellipses" if right[0] > right[1] else "circles",
    }


LESSON = Lesson(
    name="circles",
    preset={},
    kind="comparison",
    prediction=Choice(("circles", "ellipses", "alike"), of="answer"),
    facts=_facts,
    claim=lambda facts: float(facts["ellipses"]) > float(facts["circles"]) + 10,
)
