"""Another start, another end: EM climbs to the nearest top."""

from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, log_likelihood


def _facts(before: Outcome, after: Outcome) -> Facts:
    bad, good = log_likelihood(before), log_likelihood(after)
    return {
        "bad": bad,
        "good": good,
        "best": max(bad, good),
        "gap": good - bad,
        "answer": "higher" if good > bad + 1 else "same",
    }


LESSON = Lesson(
    name="two_starts",
    preset={"data": "blobs", "start": "random_points", "start_seed": "15", "at": END},
    change={"start_seed": "6"},
    prediction=Choice(("same", "higher", "lower"), of="answer"),
    facts=_facts,
    cards=("curve",),
    claim=lambda facts: float(facts["gap"]) > 8,
    hand=True,
)
