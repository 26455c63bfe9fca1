"""K-Means is what a mixture of equal circles becomes when they shrink."""

from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome


def _facts(before: Outcome, _: Outcome) -> Facts:
    assert before.comparison is not None, "the preset has K-Means beside it"
    dial = before.comparison.dial
    assert dial is not None, "the preset turns it on"
    return {
        "first": int(dial.disagreements[0]),
        "last": int(dial.disagreements[-1]),
        "torn": float(dial.entropies[0]),
        "sure": float(dial.entropies[-1]),
    }


LESSON = Lesson(
    name="limit",
    preset={"dial": "on", "at": END},
    kind="comparison",
    prediction=Number(0, 500, 5, of="last", near=5),
    facts=_facts,
    secrets=("dial",),
    claim=lambda facts: facts["last"] == 0 and float(facts["sure"]) < 1e-3,
)
