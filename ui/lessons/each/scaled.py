"""Circles depend on the units of the columns."""

from ui.lessons.lesson import Facts, Lesson, Number, Outcome, moved_points


def _facts(before: Outcome, after: Outcome) -> Facts:
    return {"moved": moved_points(before, after), "all": len(before.data.points)}


LESSON = Lesson(
    name="scaled",
    preset={"family": "spherical", "at": "60"},
    change={"stretch_y": "20"},
    prediction=Number(0, 500, 10, of="moved", near=60),
    facts=_facts,
    claim=lambda facts: float(facts["moved"]) > 100,
)
