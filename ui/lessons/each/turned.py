"""Diagonal ellipses depend on how the axes lie, full ones do not."""

from ui.lessons.lesson import Facts, Lesson, Number, Outcome, moved_points


def _facts(before: Outcome, after: Outcome) -> Facts:
    return {"moved": moved_points(before, after), "all": len(before.data.points)}


LESSON = Lesson(
    name="turned",
    preset={"family": "diag", "at": "60"},
    change={"turn": "45"},
    prediction=Number(0, 500, 10, of="moved", near=40),
    facts=_facts,
    claim=lambda facts: float(facts["moved"]) > 50,
)
